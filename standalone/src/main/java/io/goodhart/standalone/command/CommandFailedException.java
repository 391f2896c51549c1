package io.goodhart.standalone.command;

/** A command that could not do what it was told; its message is all that the user needs to see. */
public final class CommandFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitStatus;

    public CommandFailedException(int exitStatus, String message) {
        super(message);
        this.exitStatus = exitStatus;
    }

    /** 1: the experiment did not succeed; 2: what was asked for is refused; 3: the server cannot be reached. */
    public int exitStatus() {
        return exitStatus;
    }
}
