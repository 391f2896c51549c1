package io.goodhart.api.dataset;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import io.goodhart.domain.model.DataFormat;
import org.jspecify.annotations.Nullable;
import org.springframework.web.multipart.MultipartFile;

/**
 * A file to register, as a form.
 *
 * @param name what experiments may call it
 * @param format how its rows are written; by the file's name and its first bytes if absent
 * @param file the file
 */
record UploadDataset(String name, @Nullable DataFormat format, MultipartFile file) {
    UploadDataset {
        require(name, "name");
        require(file, "file");
    }

    private static void require(@Nullable Object value, String field) {
        if (value == null) {
            throw new InvalidInputException(new Problem("missing_field", field, "This field is required"));
        }
    }
}
