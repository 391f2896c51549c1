package io.goodhart.api.model;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import org.jspecify.annotations.Nullable;
import org.springframework.web.multipart.MultipartFile;

/**
 * An archive to register, as a form.
 *
 * @param name what experiments may call it; lower-case letters, digits, {@code .}, {@code _} and {@code -}
 * @param sha256 what its bytes must hash to; not checked if absent
 * @param file a zip, tar or tar.gz with a model in the Hugging Face layout
 */
record UploadModel(@Nullable String name, @Nullable String sha256, MultipartFile file) {
    UploadModel {
        if (absent(file)) {
            throw new InvalidInputException(new Problem("missing_field", "file", "This field is required"));
        }
    }

    private static boolean absent(@Nullable Object value) {
        return value == null;
    }
}
