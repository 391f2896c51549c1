package io.goodhart.modelfiles;

import io.goodhart.domain.Hashes;
import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import io.goodhart.domain.model.BlockFacts;
import io.goodhart.domain.model.ModelFacts;
import io.goodhart.domain.model.ModelRevision;
import io.goodhart.domain.model.Site;
import io.goodhart.modelfiles.config.AttentionLayout;
import io.goodhart.modelfiles.config.AttentionLayout.Scores;
import io.goodhart.modelfiles.config.BlockLayout;
import io.goodhart.modelfiles.config.ClassifierConfig;
import io.goodhart.modelfiles.config.DecoderConfig;
import io.goodhart.modelfiles.config.MlpLayout;
import io.goodhart.modelfiles.config.ModelConfig;
import io.goodhart.modelfiles.safetensors.SafetensorsFile;
import io.goodhart.modelfiles.tokenize.Tokenizer;
import io.goodhart.modelfiles.weights.WeightTable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A model in the Hugging Face layout whose configuration, weights and tokenizer file have been checked against each other.
 * Nothing is loaded: headers are read, and every byte once for the hash.
 */
public final class ModelDirectory {
    private static final int CHUNK = 1 << 20;

    /** Files beside weights and tokenizer.json that change what the model does, where they are there. */
    private static final List<String> OPTIONAL_FILES = List.of(
            "generation_config.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "added_tokens.json",
            "chat_template.jinja",
            "chat_template.json");

    private final Path path;
    private final ModelConfig config;
    private final WeightTable weights;
    private final ModelRevision revision;

    private ModelDirectory(Path path, ModelConfig config, WeightTable weights, ModelRevision revision) {
        this.path = path;
        this.config = config;
        this.weights = weights;
        this.revision = revision;
    }

    /** As {@link #open(Path, String)}, with the directory's own name in the revision. */
    public static ModelDirectory open(Path path) throws IOException {
        return open(path, String.valueOf(path.getFileName()));
    }

    /**
     * Opens a directory and checks it.
     *
     * @param name what the revision is called, for example the path relative to the files root
     * @throws InvalidInputException with every problem, each naming the file or tensor it is about
     */
    public static ModelDirectory open(Path path, String name) throws IOException {
        ModelConfig config = check(path);
        return new ModelDirectory(path, config, WeightTable.of(config), new ModelRevision(name, hash(path)));
    }

    /** Everything that is wrong with a directory; empty if it can be used. Does not hash the weights, so it is quick. */
    public static List<Problem> problems(Path path) throws IOException {
        try {
            check(path);
            return List.of();
        } catch (InvalidInputException e) {
            return e.problems();
        }
    }

    private static ModelConfig check(Path path) throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(path)) {
            Tokenizer.requireFile(path);
            ModelConfig config = checkpoint.config();
            Optional<Problem> mismatch = Tokenizer.vocabularyProblem(path, config.vocabulary());
            if (mismatch.isPresent()) {
                throw new InvalidInputException(mismatch.get());
            }
            return config;
        }
    }

    /** sha256 over name, length and bytes of every file that changes what the model does, by name. */
    private static String hash(Path path) throws IOException {
        List<Path> files = new ArrayList<>(List.of(path.resolve("config.json"), path.resolve(Tokenizer.FILE)));
        OPTIONAL_FILES.stream().map(path::resolve).filter(Files::isRegularFile).forEach(files::add);
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            files.addAll(file.files());
        }
        files.sort(Comparator.comparing(file -> String.valueOf(file.getFileName())));
        MessageDigest digest = Hashes.sha256();
        byte[] chunk = new byte[CHUNK];
        for (Path file : files) {
            String head = "%s %d\n".formatted(file.getFileName(), Files.size(file));
            digest.update(head.getBytes(StandardCharsets.UTF_8));
            try (InputStream stream = Files.newInputStream(file)) {
                for (int count = stream.read(chunk); count >= 0; count = stream.read(chunk)) {
                    digest.update(chunk, 0, count);
                }
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Where it lies. */
    public Path path() {
        return path;
    }

    /** Its architecture. */
    public ModelConfig config() {
        return config;
    }

    /** Its tensors. */
    public WeightTable weights() {
        return weights;
    }

    /** Which exact model it is. */
    public ModelRevision revision() {
        return revision;
    }

    /** What is known without loading it. */
    public ModelFacts facts() {
        return facts(config, weights, revision);
    }

    /** What an architecture and its tensors say of a model. */
    public static ModelFacts facts(ModelConfig config, WeightTable weights, ModelRevision revision) {
        List<String> labels = config instanceof ClassifierConfig classifier ? classifier.labels() : List.of();
        return new ModelFacts(
                revision,
                config.family(),
                config instanceof DecoderConfig ? ModelFacts.Task.LANGUAGE_MODEL : ModelFacts.Task.CLASSIFIER,
                config.layers(),
                config.dModel(),
                config.dMlp(),
                config.heads(),
                config.keyValueHeads(),
                config.dHead(),
                config.vocabulary(),
                config.context(),
                weights.parameters(),
                weights.linearWeights().stream()
                        .map(tensor -> tensor.module().substring(tensor.module().lastIndexOf('.') + 1))
                        .distinct()
                        .toList(),
                config instanceof DecoderConfig decoder ? sites(decoder) : List.of(),
                labels,
                switch (config) {
                    case DecoderConfig decoder -> blocks(decoder.blocks());
                    case ClassifierConfig classifier -> BlockFacts.plain(classifier.layers());
                });
    }

    private static BlockFacts blocks(List<BlockLayout> blocks) {
        BlockLayout block = blocks.getFirst();
        AttentionLayout attention = block.attention();
        List<Scores> scores =
                blocks.stream().map(each -> each.attention().scores()).toList();
        long norms = Stream.of(block.attentionNorm(), block.afterAttention(), block.mlpNorm(), block.afterMlp())
                .filter(Objects::nonNull)
                .count();
        return new BlockFacts(
                (int) norms,
                attention.queryNorm() != null,
                attention.rope() == null ? 0 : attention.rope().dims(),
                !(block.mlp().input() instanceof MlpLayout.Input.Plain),
                attention.projection() instanceof AttentionLayout.Projection.FusedByHead,
                scores.stream().anyMatch(each -> each.softcap() > 0),
                scores.stream().map(Scores::window).toList());
    }

    /** Between attention and MLP there is something to read only where the MLP reads it. */
    private static List<Site> sites(DecoderConfig config) {
        boolean parallel =
                config.blocks().stream().anyMatch(block -> block.residual() == BlockLayout.Residual.PARALLEL);
        return Stream.of(Site.values())
                .filter(site -> !(parallel && site == Site.RESID_MID))
                .toList();
    }

    /**
     * Checks what opening leaves to those who load: reads every weight once, and opens the tokenizer.
     *
     * @throws InvalidInputException naming a tensor that holds a value that is not finite, or what is wrong with the tokenizer
     */
    public void requireLoadable() throws IOException {
        tokenizer().close();
        try (Checkpoint checkpoint = Checkpoint.open(path)) {
            checkpoint.requireFinite();
        }
    }

    /** Opens the tokenizer. */
    public Tokenizer tokenizer() throws IOException {
        return Tokenizer.open(path);
    }
}
