package io.goodhart.domain.validate;

import io.goodhart.domain.model.BlockFacts;
import io.goodhart.domain.model.ModelFacts;
import io.goodhart.domain.model.ModelRevision;
import java.util.Collections;
import java.util.List;

/** The models in the tables of measured peaks. */
final class MeasuredModels {
    private MeasuredModels() {}

    static ModelFacts named(String name) {
        return switch (name) {
            case "gpt2-small" -> of(124_439_808, BlockFacts.plain(12), 768, 3072, 12, 12, 64, 50_257);
            case "tiny-gemma3" ->
                of(
                        3_372_480,
                        new BlockFacts(4, true, 64, true, false, false, List.of(64, 64, 0, 64, 64, 0)),
                        192,
                        576,
                        3,
                        1,
                        64,
                        4096);
            case "llama-small" -> of(40_697_344, BlockFacts.gated(8, 64), 512, 1408, 8, 4, 64, 16_000);
            case "gpt_neox-small" ->
                of(
                        35_299_840,
                        new BlockFacts(2, false, 16, false, true, false, all(6, 0)),
                        512,
                        2048,
                        8,
                        8,
                        64,
                        16_000);
            case "mistral-small" ->
                of(18_753_920, new BlockFacts(2, false, 64, true, false, false, all(8, 64)), 384, 1024, 6, 2, 64, 8000);
            case "gemma2-small" ->
                of(
                        12_518_784,
                        new BlockFacts(4, false, 64, true, false, true, List.of(64, 0, 64, 0, 64, 0)),
                        384,
                        1024,
                        6,
                        2,
                        64,
                        8000);
            case "bert-small" -> of(12_566_402, BlockFacts.plain(6), 384, 1536, 6, 6, 64, 4096);
            default -> inTheSecondTable(name);
        };
    }

    private static ModelFacts inTheSecondTable(String name) {
        return switch (name) {
            case "qwen3-small" ->
                of(27_172_288, new BlockFacts(2, true, 64, true, false, false, all(5, 0)), 448, 1216, 8, 2, 64, 36_000);
            case "olmo2-small" ->
                of(21_005_120, new BlockFacts(2, true, 64, true, false, false, all(10, 0)), 320, 960, 5, 5, 64, 12_000);
            case "phi3-small" ->
                of(
                        47_376_480,
                        new BlockFacts(2, false, 80, true, false, false, all(6, 256)),
                        480,
                        1280,
                        6,
                        6,
                        80,
                        32_064);
            case "gemma2-wide" ->
                of(
                        23_046_720,
                        new BlockFacts(4, false, 40, true, false, true, List.of(256, 0, 256, 0, 256)),
                        320,
                        1280,
                        8,
                        4,
                        40,
                        48_000);
            case "gemma3-windowed" ->
                of(
                        15_945_504,
                        new BlockFacts(4, true, 96, true, false, false, List.of(128, 128, 128, 0, 128, 128, 128, 0)),
                        288,
                        1152,
                        4,
                        1,
                        96,
                        20_000);
            case "bert-wide" -> of(13_135_362, BlockFacts.plain(4), 512, 1536, 8, 8, 64, 4096);
            default -> of(1_054_210, BlockFacts.plain(3), 128, 384, 4, 4, 32, 4096);
        };
    }

    private static List<Integer> all(int layers, int window) {
        return Collections.nCopies(layers, window);
    }

    /**
     * A model of so many weights.
     *
     * @param sizes d_model, d_mlp, heads, key/value heads, d_head and vocabulary
     */
    static ModelFacts of(long parameters, BlockFacts block, int... sizes) {
        return new ModelFacts(
                new ModelRevision("model", "0".repeat(64)),
                "family",
                ModelFacts.Task.LANGUAGE_MODEL,
                block.windows().size(),
                sizes[0],
                sizes[1],
                sizes[2],
                sizes[3],
                sizes[4],
                sizes[5],
                1024,
                parameters,
                List.of(),
                List.of(),
                List.of(),
                block);
    }
}
