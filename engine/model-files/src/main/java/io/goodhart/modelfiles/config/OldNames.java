package io.goodhart.modelfiles.config;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What older checkpoints of a family do differently.
 *
 * @param optionalPrefix what they leave out in front of every name; may be empty
 * @param ignorable names of tensors that they carry and nobody needs
 */
public record OldNames(String optionalPrefix, Pattern ignorable) {
    /** The name under which a file stores a tensor, if it does. Norms converted from TensorFlow call their tensors gamma and beta. */
    public Optional<String> find(String name, Set<String> stored) {
        return Stream.concat(Stream.of(name), withoutPrefix(name).stream())
                .flatMap(candidate -> Stream.concat(Stream.of(candidate), tensorFlow(candidate).stream()))
                .filter(stored::contains)
                .findFirst();
    }

    private List<String> withoutPrefix(String name) {
        boolean prefixed = !optionalPrefix.isEmpty() && name.startsWith(optionalPrefix);
        return prefixed ? List.of(name.substring(optionalPrefix.length())) : List.of();
    }

    private static List<String> tensorFlow(String name) {
        return name.contains("LayerNorm.")
                ? List.of(
                        name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta"))
                : List.of();
    }
}
