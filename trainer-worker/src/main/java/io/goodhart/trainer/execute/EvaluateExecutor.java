package io.goodhart.trainer.execute;

import io.goodhart.datasets.Prompt;
import io.goodhart.datasets.Text;
import io.goodhart.domain.plan.TaskSpec.Evaluate;
import io.goodhart.domain.plan.TaskSpec.Selection;
import io.goodhart.domain.plan.TextSlice;
import io.goodhart.domain.report.Evaluation.Perplexity;
import io.goodhart.domain.report.Evaluation.TextSet;
import io.goodhart.lm.hook.HookPoint;
import io.goodhart.lm.model.DecoderModel;
import io.goodhart.lm.text.Likelihood;
import io.goodhart.probing.TokenActivations;
import io.goodhart.trainer.artifact.Column;
import io.goodhart.trainer.artifact.Details;
import io.goodhart.trainer.artifact.JsonLines;
import io.goodhart.trainer.artifact.ProbeSet;
import io.goodhart.trainer.artifact.ResponseRow;
import io.goodhart.trainer.child.Stages;
import io.goodhart.trainer.child.TaskContext;
import io.goodhart.trainer.child.TaskFailedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Measures a model: its own responses and their scores, what probes read on its own, on fixed and on labelled texts, what the
 * untrained model reads on its responses, and perplexities.
 */
final class EvaluateExecutor implements TaskExecutor<Evaluate> {
    private static final String GENERATING = "generating";
    private static final String SCORING = "scoring";
    private static final String READING_FIXED = "reading fixed texts";
    private static final String READING_BASE = "reading as the untrained model";
    private static final String READING_LABELLED = "reading labelled texts";

    /** Time of one unit relative to that of one sampled response of 24 tokens, measured on the bundled model. */
    private static final double SCORE_COST = 0.15;

    private static final double READ_COST = 0.1;
    private static final double PERPLEXITY_COST = 0.2;

    private final ModelCache models;
    private final DataFiles data;
    private final Scoring scoring;

    EvaluateExecutor(ModelCache models, DataFiles data, Scoring scoring) {
        this.models = models;
        this.data = data;
        this.scoring = scoring;
    }

    /** What one evaluation works with. */
    private record Work(Evaluate spec, TaskContext context, Stages stages, Policy policy, EvaluationBook book) {
        TextReader reader(DecoderModel model) {
            return new TextReader(model, stages, context.stop());
        }

        Map<HookPoint, TokenActivations> read(DecoderModel model, List<Passage> passages) {
            return reader(model).activations(passages, book.points(), book.pooling());
        }
    }

    @Override
    public void execute(Evaluate spec, TaskContext context) {
        List<Prompt> prompts = data.prompts(context, spec.prompts());
        List<ProbeSet> probes = probes(context);
        Optional<Fixed> fixed = Fixed.read(context);
        Optional<Refit> refit = Optional.ofNullable(spec.refit()).map(how -> Refit.read(how, context));
        Stages stages = context.stages();
        refit.ifPresent(one -> one.plan(stages, READ_COST));
        plan(spec, stages, prompts.size(), fixed);
        LoadedModel base = models.decoder(context.filesRoot(), spec.model());
        try (Policy policy = Policy.of(base, context)) {
            refit.ifPresent(one -> probes.add(one.fit(policy.decoder(), probes.getFirst(), context, stages)));
            EvaluationBook book = new EvaluationBook(spec.threshold(), probes);
            Work work = new Work(spec, context, stages, policy, book);
            Responses own = own(work, prompts);
            if (fixed.isPresent()) {
                Map<HookPoint, TokenActivations> onFixed = readFixed(work, fixed.get());
                book.read(TextSet.OWN, own.activations(), onFixed);
                readOwnOnBase(work, own.rows());
            } else {
                book.read(TextSet.OWN, own.activations());
                book.ownIsFixed();
            }
            readLabelled(work);
            Map<String, Perplexity> perplexity = perplexity(work);
            JsonLines.write(context.output("responses"), own.rows());
            JsonLines.writeOne(context.output("evaluation"), book.evaluation(own.rows(), perplexity));
            new Details(book.details(), facts(spec, book)).write(context.output("details"));
        }
    }

    private static Map<String, String> facts(Evaluate spec, EvaluationBook book) {
        Map<String, String> facts = new TreeMap<>(book.rows());
        facts.putAll(ProvenanceBook.of(spec));
        return facts;
    }

    private static List<ProbeSet> probes(TaskContext context) {
        List<ProbeSet> sets = new ArrayList<>();
        sets.add(ProbeSet.read(context.input("probes")));
        context.optionalInput("retrained")
                .map(ProbeSet::read)
                .filter(set -> !set.isEmpty())
                .ifPresent(sets::add);
        return sets;
    }

    private static void plan(Evaluate spec, Stages stages, int prompts, Optional<Fixed> fixed) {
        Selection selection = spec.selection();
        if (selection == null) {
            stages.plan(GENERATING, "responses", prompts, 1).plan(SCORING, "responses", prompts, SCORE_COST);
        } else {
            selection.points().forEach(n -> stages.plan(readingBestOf(n), "texts", prompts, READ_COST));
        }
        fixed.ifPresent(
                texts -> stages.plan(READING_FIXED, "texts", texts.rows().size(), READ_COST)
                        .plan(READING_BASE, "texts", prompts, READ_COST));
        TextSlice labelled = spec.labelledTexts();
        if (labelled != null) {
            stages.plan(READING_LABELLED, "texts", labelled.count(), READ_COST);
        }
        spec.corpora()
                .forEach(
                        (name, slice) -> stages.plan("perplexity of " + name, "texts", slice.count(), PERPLEXITY_COST));
    }

    private Responses own(Work work, List<Prompt> prompts) {
        Selection selection = work.spec().selection();
        Responses own = selection == null ? sampled(work, prompts) : best(selection, work, prompts.size());
        double[] tokens = own.rows().stream().mapToDouble(ResponseRow::tokens).toArray();
        work.book().detail("own.tokens", tokens);
        return own;
    }

    /** The best of all samples, after the best of the first few of them were measured: the points of a curve. */
    private static Responses best(Selection selection, Work work, int prompts) {
        List<List<BestResponse>> samples = BestResponse.samples(selection, work.context());
        if (samples.size() != prompts) {
            throw TaskFailedException.invalidInput(
                    "There are samples for %d prompts, not for %d".formatted(samples.size(), prompts));
        }
        Responses own = new Responses(List.of(), Map.of());
        for (int n : selection.points()) {
            List<BestResponse> best = BestResponse.ofFirst(n, samples);
            double[] scores = best.stream().mapToDouble(BestResponse::score).toArray();
            List<ResponseRow> rows = best.stream().map(BestResponse::row).toList();
            work.stages().start(readingBestOf(n));
            own = new Responses(rows, work.read(work.policy().decoder(), passages(rows)));
            work.book().ownScores(scores);
            EvaluationBook point = work.book().ofSameProbes();
            point.ownScores(scores);
            point.read(TextSet.OWN, own.activations());
            JsonLines.writeOne(work.context().output("point." + n), point.evaluation(rows, Map.of()));
        }
        return own;
    }

    private static String readingBestOf(int n) {
        return "reading the best of " + n;
    }

    private Responses sampled(Work work, List<Prompt> prompts) {
        Sampler sampler = new Sampler(
                work.spec().sampling(),
                1,
                work.spec().seed(),
                work.book().points(),
                work.book().pooling());
        work.stages().start(GENERATING);
        Responses own = sampler.sample(
                work.policy(), prompts, work.stages(), work.context().stop());
        work.stages().start(SCORING);
        List<String> texts = own.rows().stream().map(ResponseRow::response).toList();
        work.book().ownScores(scoring.score(work.spec().scorer(), texts, work.context(), work.stages()));
        return own;
    }

    private static Map<HookPoint, TokenActivations> readFixed(Work work, Fixed fixed) {
        work.stages().start(READING_FIXED);
        work.book().fixedScores(fixed.scores());
        Map<HookPoint, TokenActivations> pooled = work.read(work.policy().decoder(), passages(fixed.rows()));
        work.book().read(TextSet.FIXED, pooled);
        return pooled;
    }

    private static void readOwnOnBase(Work work, List<ResponseRow> own) {
        work.stages().start(READING_BASE);
        work.book().read(TextSet.OWN_ON_BASE, work.read(work.policy().base().decoder(), passages(own)));
    }

    private static List<Passage> passages(List<ResponseRow> rows) {
        return rows.stream().map(Passage::ofResponse).toList();
    }

    private void readLabelled(Work work) {
        TextSlice slice = work.spec().labelledTexts();
        if (slice == null) {
            return;
        }
        List<Text> texts = data.texts(work.context(), slice);
        work.stages().start(READING_LABELLED);
        double[] labels = texts.stream()
                .mapToDouble(text -> text.positive().orElseThrow() ? 1 : 0)
                .toArray();
        List<Passage> passages = texts.stream()
                .map(text -> Passage.ofText(work.policy().base(), text.text()))
                .toList();
        work.book().labels(labels);
        work.book().rows("labelled", texts);
        work.book().read(TextSet.LABELLED, work.read(work.policy().decoder(), passages));
    }

    private Map<String, Perplexity> perplexity(Work work) {
        Map<String, Perplexity> byCorpus = new LinkedHashMap<>();
        work.spec().corpora().forEach((name, slice) -> {
            LoadedModel base = work.policy().base();
            List<Text> rows = data.texts(work.context(), slice);
            List<int[]> texts = rows.stream()
                    .map(text -> base.textIds(text.text(), base.context()))
                    .toList();
            work.stages().start("perplexity of " + name);
            List<Likelihood> likelihoods = work.reader(work.policy().decoder()).texts(texts);
            double[] nll = likelihoods.stream().mapToDouble(Likelihood::nll).toArray();
            double[] tokens =
                    likelihoods.stream().mapToDouble(Likelihood::tokens).toArray();
            work.book().rows("corpus." + name, rows);
            work.book().detail("corpus." + name + ".nll", nll);
            work.book().detail("corpus." + name + ".tokens", tokens);
            byCorpus.put(name, Perplexities.of(nll, tokens));
        });
        return byCorpus;
    }

    /** The texts that every model reads: the untrained model's responses, with their scores. */
    private static final class Fixed {
        private final List<ResponseRow> rows;
        private final double[] scores;

        private Fixed(List<ResponseRow> rows, double[] scores) {
            this.rows = rows;
            this.scores = scores;
        }

        static Optional<Fixed> read(TaskContext context) {
            Optional<Path> responses = context.optionalInput("baseline.responses");
            return responses.map(path -> new Fixed(
                    JsonLines.read(ResponseRow.class, path),
                    Column.read(context.input("baseline.details"), "own.score")));
        }

        List<ResponseRow> rows() {
            return rows;
        }

        double[] scores() {
            return scores;
        }
    }
}
