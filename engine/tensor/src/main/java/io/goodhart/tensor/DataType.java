package io.goodhart.tensor;

/** Element types the engine computes in. */
public enum DataType {
    FLOAT32(0, 4),
    FLOAT64(1, 8),
    INT32(4, 4),
    INT64(6, 8),
    BOOL(7, 1);

    private final int code;
    private final int bytes;

    DataType(int code, int bytes) {
        this.code = code;
        this.bytes = bytes;
    }

    /** Bytes per element. */
    public int bytes() {
        return bytes;
    }

    public boolean isFloating() {
        return this == FLOAT32 || this == FLOAT64;
    }

    /** DJL's number for the type. */
    int code() {
        return code;
    }

    static DataType ofCode(int code) {
        return switch (code) {
            case 0 -> FLOAT32;
            case 1 -> FLOAT64;
            case 4 -> INT32;
            case 6 -> INT64;
            case 7 -> BOOL;
            default -> throw new IllegalStateException("Native type " + code + " is not one the engine computes in");
        };
    }
}
