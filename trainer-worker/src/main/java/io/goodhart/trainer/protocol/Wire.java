package io.goodhart.trainer.protocol;

import io.goodhart.db.codec.GoodhartJson;

/** One message, one line. The empty line before each message ends whatever native code printed without a line end. */
public final class Wire {
    /** Longest line that is read, in characters; more is not from us. */
    public static final int LONGEST_LINE = 8 << 20;

    private Wire() {}

    /** The bytes of a command or message, line ends included. */
    public static String line(Object message) {
        return "\n" + GoodhartJson.write(message) + "\n";
    }

    /**
     * Reads a command.
     *
     * @throws io.goodhart.domain.InvalidInputException if the line is none
     */
    public static Command command(String line) {
        return GoodhartJson.read(Command.class, line);
    }

    /**
     * Reads a message.
     *
     * @throws io.goodhart.domain.InvalidInputException if the line is none
     */
    public static Message message(String line) {
        return GoodhartJson.read(Message.class, line);
    }
}
