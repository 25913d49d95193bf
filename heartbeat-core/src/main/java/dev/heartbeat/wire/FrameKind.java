package dev.heartbeat.wire;

/** What a heartbeat frame asks for. */
public enum FrameKind {
    /** Asks for a {@link #PONG} at once. */
    PING(true),

    /** Answers a {@link #PING} or an {@link #ECHO_AFTER}, repeating every field of it. */
    PONG(false),

    /**
     * Asks for a {@link #PONG} after a delay: "speak to me after d". What it finds out is whether the path still
     * carries data from the other side after so long a silence. The delay of the answer is the time really waited,
     * which may have been brought within limits; it is 0, and the answer comes at once, if the request was refused.
     */
    ECHO_AFTER(true),

    /** Shows life and asks for nothing. */
    BEAT(false);

    private final boolean answered;

    FrameKind(boolean answered) {
        this.answered = answered;
    }

    /**
     * Whether the receiver owes an answer.
     *
     * @return true for {@link #PING} and {@link #ECHO_AFTER}
     */
    public boolean isAnswered() {
        return answered;
    }
}
