package io.goodhart.modelfiles.family;

import io.goodhart.modelfiles.config.ConfigReader;
import io.goodhart.modelfiles.config.ModelConfig;

/** A family of models that differ in sizes only. */
interface Family {
    /** Its {@code model_type} in config.json. */
    String modelType();

    /** The one entry of {@code architectures} that is supported. */
    String architecture();

    /** Reads the rest of config.json; what is wrong is left with the reader. */
    ModelConfig read(ConfigReader json);
}
