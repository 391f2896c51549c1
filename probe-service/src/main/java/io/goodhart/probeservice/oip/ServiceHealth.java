package io.goodhart.probeservice.oip;

/** Whether the service lives, and whether it is to be given work. */
@FunctionalInterface
public interface ServiceHealth {
    boolean isUp(Group group);

    /** What is asked for. */
    enum Group {
        LIVE("liveness"),
        READY("readiness");

        private final String actuatorName;

        Group(String actuatorName) {
            this.actuatorName = actuatorName;
        }

        /** Name of the actuator's health group. */
        public String actuatorName() {
            return actuatorName;
        }
    }
}
