package io.goodhart.api.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.goodhart.domain.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class FilesRootTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/etc/passwd",
                "..",
                "../x",
                "a/../../x",
                "a/../b",
                "~/x",
                "a\\b",
                "hf://google/gemma",
                "file:///etc",
                "",
                " ",
                "a\0b"
            })
    void aPathThatIsNotBelowTheRootIsRefused(String path) {
        FilesRoot root = new FilesRoot(directory);
        assertThatThrownBy(() -> root.resolve(path, "model"))
                .isInstanceOfSatisfying(
                        InvalidInputException.class,
                        refusal -> assertThat(refusal.problems())
                                .singleElement()
                                .satisfies(problem -> {
                                    assertThat(problem.code()).isEqualTo("path_not_allowed");
                                    assertThat(problem.field()).isEqualTo("model");
                                }));
    }

    @Test
    void aLinkOutOfTheRootIsRefusedAndOneWithinItIsNot(@TempDir Path outside) throws IOException {
        FilesRoot root = new FilesRoot(directory);
        Files.createSymbolicLink(directory.resolve("out"), outside);
        Files.createDirectory(directory.resolve("real"));
        Files.createSymbolicLink(directory.resolve("in"), directory.resolve("real"));
        Files.writeString(outside.resolve("secret"), "s");
        assertThatThrownBy(() -> root.resolve("out", null)).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> root.resolve("out/secret", null)).isInstanceOf(InvalidInputException.class);
        assertThat(root.resolve("in", null)).exists();
    }

    @Test
    void aPathBelowTheRootIsResolvedWhetherOrNotItExists() {
        assertThat(new FilesRoot(directory).resolve("models/tiny", null)).isEqualTo(directory.resolve("models/tiny"));
    }

    @Test
    void theRootIsTheWorkingDirectoryUnlessItIsSet() {
        runner().run(context ->
                assertThat(context.getBean(FilesProperties.class).path()).isEqualTo(Path.of(".")));
        runner().withPropertyValues("goodhart.files.root=/srv/goodhart")
                .run(context -> assertThat(
                                context.getBean(FilesProperties.class).path())
                        .isEqualTo(Path.of("/srv/goodhart")));
        runner().withPropertyValues("goodhart.files.rot=/srv")
                .run(context -> assertThat(context).hasFailed());
    }

    private static ApplicationContextRunner runner() {
        return new ApplicationContextRunner().withUserConfiguration(Properties.class);
    }

    @EnableConfigurationProperties(FilesProperties.class)
    static class Properties {}
}
