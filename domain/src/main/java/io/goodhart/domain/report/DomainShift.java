package io.goodhart.domain.report;

import io.goodhart.domain.report.Evaluation.TextSet;
import org.jspecify.annotations.Nullable;

/**
 * How much worse one model's probes read texts of another source than those of the source that they were fitted on: the untrained
 * model's responses with the scorer's labels, or labelled texts. The untrained model's shift is the texts' alone; what training added
 * to it is {@code byTraining}:
 * <pre>
 *   difference = A_out − A_in      byTraining = (A_out − A_out⁰) − (A_in − A_in⁰), A⁰ of the untrained model
 * </pre>
 * The two sets have no text in common, so their variances add; the differences from the untrained model are paired by text.
 *
 * @param in texts of the probes' source, none of which they were fitted on
 * @param out texts of the other source
 * @param inDomain AUC on {@code in}
 * @param outOfDomain AUC on {@code out}
 * @param difference out of domain minus in domain
 * @param byTraining this difference minus the untrained model's; absent for the untrained model
 */
public record DomainShift(
        ProbeGroup group,
        TextSet in,
        TextSet out,
        Estimate inDomain,
        Estimate outOfDomain,
        Estimate difference,
        @Nullable Estimate byTraining) {}
