package io.goodhart.standalone.terminal;

import java.io.Console;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** Shows how far an experiment is: a line that is drawn over on a terminal, now and then a line of its own elsewhere. */
public final class Display {
    private static final int BAR = 24;
    private static final Duration QUIET = Duration.ofSeconds(15);
    private static final String CLEAR_LINE = "\r\u001b[2K";

    private final PrintStream out;
    private final boolean live;
    private final int width;
    private long lastLine = Long.MIN_VALUE;
    private boolean drawn;

    /**
     * @param out where to write
     * @param live whether {@code out} is a terminal that can draw over a line
     * @param width columns of the terminal
     */
    public Display(PrintStream out, boolean live, int width) {
        this.out = out;
        this.live = live;
        this.width = width;
    }

    /** A display on standard error, live iff it is a terminal. */
    public static Display onStandardError() {
        boolean terminal =
                Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
        boolean live = terminal && System.getenv("CI") == null;
        return new Display(System.err, live, columns(System.getenv("COLUMNS")));
    }

    private static int columns(String value) {
        return value != null && value.matches("[0-9]{2,4}") ? Integer.parseInt(value) : 100;
    }

    /** Shows the state of things. */
    public void show(Progress progress) {
        String line = render(progress, width);
        if (live) {
            out.print(CLEAR_LINE + line);
            out.flush();
            drawn = true;
            return;
        }
        long now = System.nanoTime();
        if (lastLine == Long.MIN_VALUE || now - lastLine >= QUIET.toNanos()) {
            out.println(line);
            lastLine = now;
        }
    }

    /** Writes a line above the progress. */
    public void say(String line) {
        if (drawn) {
            out.print(CLEAR_LINE);
            drawn = false;
        }
        out.println(line);
    }

    /** One line: bar, share, tasks, time gone, time left, what is being done. */
    static String render(Progress progress, int width) {
        int full = (int) Math.round(BAR * progress.share());
        String bar = "█".repeat(full) + "·".repeat(BAR - full);
        String line = String.format(
                Locale.ROOT,
                "%s %3.0f %%  %d/%d tasks  %s gone%s%s",
                bar,
                100 * progress.share(),
                progress.done(),
                progress.total(),
                clock(progress.elapsed()),
                progress.remaining()
                        .map(left -> ", about " + clock(left) + " left")
                        .orElse(""),
                progress.doing().isEmpty() ? "" : "  " + String.join(" | ", progress.doing()));
        return line.length() <= width ? line : line.substring(0, Math.max(0, width - 1)) + "…";
    }

    /** Minutes and seconds: 3:07. */
    public static String clock(Duration duration) {
        return "%d:%02d".formatted(duration.toMinutes(), duration.toSecondsPart());
    }
}
