package io.goodhart.probeservice.oip;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** Datatypes of activations that the protocol knows and a probe reads. FP16 and BF16 exist in binary form only. */
enum Datatype {
    FP64(8) {
        @Override
        float read(ByteBuffer bytes) {
            return (float) bytes.getDouble();
        }
    },
    FP32(4) {
        @Override
        float read(ByteBuffer bytes) {
            return bytes.getFloat();
        }
    },
    FP16(2) {
        @Override
        float read(ByteBuffer bytes) {
            return Float.float16ToFloat(bytes.getShort());
        }
    },
    BF16(2) {
        @Override
        float read(ByteBuffer bytes) {
            return Float.intBitsToFloat(bytes.getShort() << 16);
        }
    };

    private final int size;

    Datatype(int size) {
        this.size = size;
    }

    /** Bytes of one element. */
    int size() {
        return size;
    }

    /** The next element of little-endian bytes. */
    abstract float read(ByteBuffer bytes);

    static Optional<Datatype> byName(String name) {
        return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
    }
}
