package io.goodhart.trainer.execute;

import io.goodhart.datasets.PairText;
import io.goodhart.datasets.Preference;
import io.goodhart.domain.plan.TaskSpec.ReadPairs;
import io.goodhart.modelfiles.chat.ChatTemplate;
import io.goodhart.trainer.artifact.JsonLines;
import io.goodhart.trainer.artifact.PairRow;
import io.goodhart.trainer.child.Stages;
import io.goodhart.trainer.child.TaskContext;
import io.goodhart.trainer.child.TaskFailedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads preference pairs of a data set: as tokens, and how likely the base model finds each completion. */
final class ReadPairsExecutor implements TaskExecutor<ReadPairs> {
    private static final String READING = "reading pairs";

    /** The day that templates write: a task's output depends on its specification alone. It is what Llama 3 writes without a clock. */
    private static final Clock DAY = Clock.fixed(Instant.parse("2024-07-26T00:00:00Z"), ZoneOffset.UTC);

    private final ModelCache models;
    private final DataFiles data;

    ReadPairsExecutor(ModelCache models, DataFiles data) {
        this.models = models;
        this.data = data;
    }

    /**
     * One pair as tokens.
     *
     * @param truncated whether a completion was cut
     */
    private record Tokens(List<Integer> prompt, List<Integer> chosen, List<Integer> rejected, boolean truncated) {
        Passage passage(List<Integer> completion) {
            return Passage.of(Passage.ids(prompt), Passage.ids(completion));
        }
    }

    @Override
    public void execute(ReadPairs spec, TaskContext context) {
        LoadedModel model = models.decoder(context.filesRoot(), spec.model());
        List<PairText> texts = render(model, data.pairs(context, spec.pairs()));
        List<Tokens> pairs = new ArrayList<>();
        for (PairText text : texts) {
            pairs.add(tokens(model, text, pairs.size()));
        }
        int truncated = (int) pairs.stream().filter(Tokens::truncated).count();
        if (truncated > 0) {
            context.event(
                    "warn",
                    "truncated",
                    "%d of %d pairs are longer than %d tokens and are cut"
                            .formatted(truncated, pairs.size(), model.context()),
                    Map.of("truncated", truncated));
        }
        JsonLines.write(context.output("pairs"), rows(model, pairs, context));
        int chats = (int) texts.stream().filter(PairText::isChat).count();
        JsonLines.writeOne(context.output("summary"), new ReadPairsSummary(pairs.size(), chats, truncated));
    }

    private static List<PairText> render(LoadedModel model, List<Preference> pairs) {
        try {
            Optional<ChatTemplate> template = ChatTemplate.open(model.directory(), DAY);
            return pairs.stream()
                    .map(pair -> pair.rendered(
                            messages -> render(template, messages, ChatTemplate.Ending.GENERATION_PROMPT),
                            messages -> render(template, messages, ChatTemplate.Ending.LAST_MESSAGE)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String render(
            Optional<ChatTemplate> template, List<Map<String, Object>> messages, ChatTemplate.Ending ending) {
        return template.orElseThrow(() ->
                        TaskFailedException.invalidInput("The pairs are chats, and the model has no chat template"))
                .render(messages, ending, Map.of());
    }

    private static Tokens tokens(LoadedModel model, PairText text, int index) {
        int[] prompt = text.isChat() ? model.responseIds(text.prompt()) : model.promptIds(text.prompt());
        int room = model.context() - prompt.length;
        if (room < 1) {
            throw TaskFailedException.invalidInput("Prompt %d has %d tokens and leaves no completion in %d"
                    .formatted(index, prompt.length, model.context()));
        }
        int[] chosen = text.isChat() ? model.responseIds(text.chosen()) : model.completionIds(text.chosen());
        int[] rejected = text.isChat() ? model.responseIds(text.rejected()) : model.completionIds(text.rejected());
        if (chosen.length == 0 || rejected.length == 0) {
            throw TaskFailedException.invalidInput("A completion of pair %d has no tokens".formatted(index));
        }
        return new Tokens(
                boxed(prompt, prompt.length),
                boxed(chosen, room),
                boxed(rejected, room),
                Math.max(chosen.length, rejected.length) > room);
    }

    private static List<Integer> boxed(int[] ids, int most) {
        return Arrays.stream(ids).limit(most).boxed().toList();
    }

    /** Scores are what the data set says: the chosen completion has less of what is to be changed. */
    private static List<PairRow> rows(LoadedModel model, List<Tokens> pairs, TaskContext context) {
        Stages stages = context.stages().plan(READING, "completions", 2L * pairs.size(), 1);
        stages.start(READING);
        List<Passage> passages = new ArrayList<>();
        for (Tokens pair : pairs) {
            passages.add(pair.passage(pair.chosen()));
            passages.add(pair.passage(pair.rejected()));
        }
        double[] logProbs = new TextReader(model.decoder(), stages, context.stop())
                .completions(passages).stream()
                        .mapToDouble(likelihood -> -likelihood.nll())
                        .toArray();
        List<PairRow> rows = new ArrayList<>();
        for (int i = 0; i < pairs.size(); i++) {
            Tokens pair = pairs.get(i);
            rows.add(new PairRow(
                    i, pair.prompt(), pair.chosen(), pair.rejected(), 0, 1, logProbs[2 * i], logProbs[2 * i + 1]));
        }
        return rows;
    }
}
