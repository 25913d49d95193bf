package dev.heartbeat.nio;

import dev.heartbeat.HeartbeatPolicy;
import dev.heartbeat.Quiet;
import dev.heartbeat.detect.FailureDetectors;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * An echo promised on a watched connection, which is left alone until then: a probe of ours would be heard by every NAT on
 * the way, and silence is what was asked for. When we have spoken, the kernel gets some time to make itself heard before
 * the connection is judged again as usual.
 */
final class ConnectionEcho extends PendingEchoes.Echo {
    private static final Duration TO_BE_HEARD = Duration.ofSeconds(15);

    private final PendingEchoes pending;
    private final Connection connection;
    private final ByteBuffer answer;
    private boolean spoken;

    /** Ready to be promised; {@code answer} is what will be said. */
    ConnectionEcho(PendingEchoes pending, Connection connection, ByteBuffer answer) {
        this.pending = pending;
        this.connection = connection;
        this.answer = answer;
    }

    /** The policy of a connection that waits for its echo: nothing is sent, and it dies long after the echo only. */
    static HeartbeatPolicy waiting(EchoLimits limits) {
        return HeartbeatPolicy.builder()
                .probeWhen(Quiet.NEVER)
                .failureDetector(FailureDetectors.silence(
                        Duration.ofNanos(limits.longestNs).plus(TO_BE_HEARD.multipliedBy(2))))
                .build();
    }

    boolean isSpoken() {
        return spoken;
    }

    @Override
    void due(long nowNs) {
        if (spoken) {
            connection.endEcho();
        } else {
            spoken = true;
            pending.again(this, TO_BE_HEARD.toNanos(), nowNs);
            connection.say(answer);
        }
    }
}
