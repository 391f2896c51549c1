package io.goodhart.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.db.codec.GoodhartJson;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ValidateCommandTest {
    @Test
    void equalTrainingsAreOneLineThatNamesTheirArms() {
        assertThat(printed("""
                {"reused_tasks": 0, "tokens_by_kind": {}, "unmeasured_kinds": [], "eta_basis": "", "trainings": [
                 {"task": "train a, seed 1", "arm": "a", "steps": 38, "tokens": 9, "reused": false},
                 {"task": "train a, seed 2", "arm": "a", "steps": 38, "tokens": 9, "reused": false},
                 {"task": "train b, seed 1", "arm": "b", "steps": 1200, "tokens": 9, "reused": false},
                 {"task": "train c, seed 1", "arm": "c", "steps": 38, "tokens": 9, "reused": false}]}"""))
                .contains("  3 x train a, c: at most 38 steps\n", "  1 x train b: at most 1,200 steps\n")
                .doesNotContain("trainings computed before");
    }

    @Test
    void trainingsComputedBeforeAreOnlyCounted() {
        assertThat(printed("""
                {"reused_tasks": 2, "tokens_by_kind": {}, "unmeasured_kinds": [], "eta_basis": "", "trainings": [
                 {"task": "train a, seed 1", "arm": "a", "steps": 38, "tokens": 9, "reused": true},
                 {"task": "train a, seed 2", "arm": "a", "steps": 38, "tokens": 9, "reused": false},
                 {"task": "train b, seed 1", "arm": "b", "steps": 38, "tokens": 9, "reused": true}]}"""))
                .contains("  1 x train a: at most 38 steps\n", "  2 trainings computed before\n")
                .doesNotContain("train b");
    }

    @Test
    void theTimeIsThatOfEverything() {
        assertThat(printed("""
                {"eta_seconds": 240, "measured_seconds": 240, "unmeasured_kinds": [], "eta_basis": "Measured on 9 tasks"}""")).endsWith("Time: 4 min. Measured on 9 tasks\n");
    }

    @Test
    void withoutItTheTimeOfWhatWasMeasuredIsTold() {
        assertThat(printed("""
                {"measured_seconds": 240, "unmeasured_kinds": ["train"], "eta_basis": "Not measured yet with this model: train"}""")).endsWith("Time: more than 4 min. Not measured yet with this model: train\n");
    }

    @Test
    void nothingMeasuredIsNoTime() {
        assertThat(printed("""
                {"measured_seconds": 0, "unmeasured_kinds": ["train"], "eta_basis": "Not measured yet with this model: train"}""")).endsWith("Time: unknown. Not measured yet with this model: train\n");
    }

    private static String printed(String cost) {
        StringWriter text = new StringWriter();
        PrintWriter output = new PrintWriter(text);
        ValidateCommand.write(
                GoodhartJson.tree("{\"valid\": true, \"plan\": {\"runs\": 1, \"tasks\": 1, \"cost\": " + cost + "}}"),
                output);
        output.flush();
        return text.toString().replace(System.lineSeparator(), "\n");
    }
}
