package io.goodhart.tensor;

import ai.djl.engine.Engine;

/** Loads libtorch once per process, from the class path or from {@code PYTORCH_LIBRARY_PATH}, never from the network. */
final class NativeLibrary {
    private static final String OFFLINE = "ai.djl.offline";
    private static final String TELEMETRY_OPT_OUT = "OPT_OUT_TRACKING";

    private NativeLibrary() {}

    /** Returns when the natives can be called. */
    static void ensureLoaded() {
        if (!Loaded.ENGINE.getEngineName().equals("PyTorch")) {
            throw new IllegalStateException("Expected the PyTorch engine, got " + Loaded.ENGINE.getEngineName());
        }
    }

    static String version() {
        return Loaded.ENGINE.getVersion();
    }

    private static final class Loaded {
        private static final Engine ENGINE = load();

        private Loaded() {}

        private static Engine load() {
            setDefault(OFFLINE, "true");
            setDefault(TELEMETRY_OPT_OUT, "true");
            return Engine.getEngine("PyTorch");
        }

        private static void setDefault(String property, String value) {
            if (System.getProperty(property) == null) {
                System.setProperty(property, value);
            }
        }
    }
}
