package io.goodhart.standalone.terminal;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;

/** Shows how far an experiment is: a line that is drawn over on a terminal, now and then a line of its own elsewhere. */
public final class Display {
    /** System property with the columns of the terminal that standard error is; absent if it is none. */
    public static final String COLUMNS = "goodhart.terminal.columns";

    private static final int PLAIN_WIDTH = 100;
    private static final int BAR = 24;
    private static final Duration MOMENT = Duration.ofSeconds(2);
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

    /** A display on standard error, live iff that is a terminal: the launcher asks, and says how wide it is. */
    public static Display onStandardError() {
        int columns = Integer.getInteger(COLUMNS, 0);
        boolean live = columns > 0 && System.getenv("CI") == null;
        return new Display(System.err, live, columns > 0 ? columns : PLAIN_WIDTH);
    }

    /** Shows the state of things. */
    public void show(Progress progress) {
        draw(render(progress, width));
    }

    /**
     * Waits for an answer whose share of work nobody knows, and shows for how long if that is longer than a moment.
     *
     * @param what what it is that takes so long
     */
    public <T> T await(String what, Supplier<T> answer) {
        long start = System.nanoTime();
        Thread clock = Thread.ofVirtual().unstarted(() -> tick(what, start));
        clock.start();
        try {
            return answer.get();
        } finally {
            clock.interrupt();
            join(clock);
            clear();
        }
    }

    private void tick(String what, long start) {
        try {
            for (Duration pause = MOMENT; ; pause = Duration.ofSeconds(1)) {
                Thread.sleep(pause);
                draw("%s, %s gone".formatted(what, clock(Duration.ofNanos(System.nanoTime() - start))));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the answer is there
        }
    }

    private static void join(Thread clock) {
        try {
            clock.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void draw(String line) {
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
        clear();
        out.println(line);
    }

    private void clear() {
        if (drawn) {
            out.print(CLEAR_LINE);
            out.flush();
            drawn = false;
        }
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
