package io.goodhart.standalone.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What can be done with a model. */
@Command(
        name = "model",
        description = "Looks at models.",
        mixinStandardHelpOptions = true,
        subcommands = ModelCheckCommand.class)
public final class ModelCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say what to do: check");
    }
}
