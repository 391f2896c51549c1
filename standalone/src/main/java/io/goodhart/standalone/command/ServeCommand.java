package io.goodhart.standalone.command;

import io.goodhart.standalone.terminal.Display;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs the services until it is told to stop. */
@Command(
        name = "serve",
        description = "Runs all services in one process, on the loopback interface.",
        mixinStandardHelpOptions = true)
public final class ServeCommand implements Callable<Integer> {
    @Mixin
    private ServerOptions options = new ServerOptions();

    @Option(names = "--port", paramLabel = "PORT", description = "Port. Default: ${DEFAULT-VALUE}; 0 for any free one.")
    private int port = Session.DEFAULT_PORT;

    @Override
    public Integer call() throws InterruptedException {
        Display display = Display.onStandardError();
        try (Session session = Session.start(options.settings(port), display)) {
            display.say("Ctrl-C stops. What was accepted goes on at the next start.");
            new CountDownLatch(1).await(); // the shutdown hook closes the server
            return 0;
        }
    }
}
