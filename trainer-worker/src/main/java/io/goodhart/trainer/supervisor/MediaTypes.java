package io.goodhart.trainer.supervisor;

/** What the bytes of an output are. */
final class MediaTypes {
    private MediaTypes() {}

    /** Media type of the output with this name. */
    static String of(String output) {
        return switch (output) {
            case "responses", "pairs" -> "application/x-ndjson";
            case "sweep", "summary", "evaluation", "report" -> "application/json";
            default -> output.startsWith("weights.") ? "application/zip" : "application/octet-stream";
        };
    }
}
