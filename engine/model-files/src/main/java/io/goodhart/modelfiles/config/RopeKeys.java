package io.goodhart.modelfiles.config;

/**
 * How config.json speaks of rotary positions: older files by keys of its own for each setting, newer ones by
 * {@code rope_parameters}.
 *
 * @param base key of θ
 * @param defaultBase θ where no key says it
 * @param fraction key of the share of each head that is turned
 * @param defaultFraction the share where no key says it; 1: no other share is supported
 * @param layerType entry of {@code rope_parameters}, if it has one for each type of layers
 * @param scaling the scalings that older files may ask for
 */
public record RopeKeys(
        String base, double defaultBase, String fraction, double defaultFraction, String layerType, Scaling scaling) {
    /** What may be scaled. */
    public enum Scaling {
        /** Not even by a file that asks for it: the setting is for other layers. */
        FOR_OTHER_LAYERS,
        USUAL,
        USUAL_OR_LONG_ROPE
    }

    /** As Llama says it. */
    public static RopeKeys usual(double defaultBase) {
        return new RopeKeys("rope_theta", defaultBase, "partial_rotary_factor", 1, "full_attention", Scaling.USUAL);
    }
}
