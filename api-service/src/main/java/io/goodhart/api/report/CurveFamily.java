package io.goodhart.api.report;

import io.goodhart.domain.report.ArmReport;

/** Ways of training whose curves stand in one figure. */
enum CurveFamily {
    DPO("Preference optimisation (DPO)"),
    SFT("Supervised fine-tuning"),
    GRPO("On-policy training (GRPO)");

    private final String title;

    CurveFamily(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    boolean includes(ArmReport arm) {
        return switch (this) {
            case DPO -> arm.method().equals("dpo");
            case SFT -> arm.method().endsWith("sft");
            case GRPO -> arm.method().equals("grpo");
        };
    }
}
