package io.goodhart.standalone;

import io.goodhart.standalone.command.CommandFailedException;
import io.goodhart.standalone.command.CompareCommand;
import io.goodhart.standalone.command.DemoCommand;
import io.goodhart.standalone.command.ModelCommand;
import io.goodhart.standalone.command.PriorityCommand;
import io.goodhart.standalone.command.ReportCommand;
import io.goodhart.standalone.command.RunCommand;
import io.goodhart.standalone.command.ServeCommand;
import io.goodhart.standalone.command.ValidateCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line. */
@Command(
        name = "goodhart",
        description = "Fine-tunes language models against probes and tells whether the probes survive.",
        mixinStandardHelpOptions = true,
        version = "goodhart 0.1.0",
        subcommands = {
            DemoCommand.class,
            ServeCommand.class,
            RunCommand.class,
            PriorityCommand.class,
            ValidateCommand.class,
            ReportCommand.class,
            CompareCommand.class,
            ModelCommand.class
        })
public final class Goodhart implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    private Goodhart() {}

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Goodhart()).setExecutionExceptionHandler(Goodhart::explain);
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "Say what to do: demo, serve, validate, run, priority, report, compare or model");
    }

    private static int explain(Exception failure, CommandLine line, CommandLine.ParseResult parsed) throws Exception {
        if (failure instanceof CommandFailedException refused) {
            line.getErr().println(refused.getMessage());
            return refused.exitStatus();
        }
        throw failure;
    }
}
