package io.goodhart.trainer.child;

/** Stages that nobody listens to. */
public final class TestStages {
    private TestStages() {}

    /** One stage, started. */
    public static Stages of(String name, long total) {
        Stages stages =
                new Stages((done, all, unit, eta, stage) -> {}, System::nanoTime, 0).plan(name, "texts", total, 1);
        stages.start(name);
        return stages;
    }
}
