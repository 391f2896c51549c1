package io.goodhart.tensor;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A TorchScript archive made in memory: a stored zip of one module class {@code M} without parameters, the form that
 * {@code torch.jit.save} writes and libtorch loads. Any ATen operation becomes callable this way, and gradients flow to every
 * tensor argument.
 */
final class ScriptArchive {
    /** Pickle, protocol 2: an instance of {@code __torch__.M} with the state {@code {"training": False}}. */
    private static final byte[] MODULE = pickle("c__torch__\nM\n)\u0081}X\b\0\0\0training\u0089sb.");

    private static final byte[] NO_CONSTANTS = pickle(").");

    private ScriptArchive() {}

    /** The archive of a module with the given source of class {@code M}. */
    static byte[] of(String source) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            put(zip, "m/data.pkl", MODULE);
            put(zip, "m/code/__torch__.py", source.getBytes(StandardCharsets.UTF_8));
            put(zip, "m/constants.pkl", NO_CONSTANTS);
            put(zip, "m/version", "10\n".getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("Writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
        CRC32 checksum = new CRC32();
        checksum.update(content);
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(checksum.getValue());
        entry.setTime(0);
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }

    private static byte[] pickle(String operations) {
        return ("\u0080\2" + operations).getBytes(StandardCharsets.ISO_8859_1);
    }
}
