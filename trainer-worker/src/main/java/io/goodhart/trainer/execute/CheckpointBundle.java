package io.goodhart.trainer.execute;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * One file from which an attempt goes on: the training state, and the weights of the evaluation points that are behind it, which
 * are outputs of the task and would otherwise be lost with the process that wrote them.
 */
final class CheckpointBundle {
    private static final String STATE = "state.safetensors";

    private CheckpointBundle() {}

    /** @param points weights by output name */
    static void write(Path bundle, Path state, Map<String, Path> points) {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(bundle))) {
            zip.setLevel(0);
            add(zip, STATE, state);
            for (Map.Entry<String, Path> point : points.entrySet()) {
                add(zip, point.getKey(), point.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void add(ZipOutputStream zip, String name, Path file) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        Files.copy(file, zip);
        zip.closeEntry();
    }

    /** Unpacks into a directory that exists. Returns where the training state lies. */
    static Path unpack(Path bundle, Path directory) {
        try (ZipFile zip = new ZipFile(bundle.toFile())) {
            List<String> names = new ArrayList<>();
            for (ZipEntry entry : Collections.list(zip.entries())) {
                Path target = directory.resolve(entry.getName()).normalize();
                if (!target.startsWith(directory.normalize())) {
                    throw new IOException("Entry " + entry.getName() + " lies outside of the bundle");
                }
                try (InputStream in = zip.getInputStream(entry)) {
                    Files.copy(in, target);
                }
                names.add(entry.getName());
            }
            if (!names.contains(STATE)) {
                throw new IOException("There is no training state in " + names);
            }
            return directory.resolve(STATE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
