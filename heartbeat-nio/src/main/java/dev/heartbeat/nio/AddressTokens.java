package dev.heartbeat.nio;

import dev.heartbeat.wire.HeartbeatFrame;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Eight bytes that only who receives at an address can know: a keyed hash of the address and the port, so that nothing has
 * to be kept per client (as the cookies of RFC 7873).
 */
final class AddressTokens {
    static final int BYTES = 8;
    private static final String ALGORITHM = "HmacSHA256";

    private final Mac mac;
    private final ByteBuffer text = ByteBuffer.allocate(HeartbeatFrame.MAX_PAYLOAD);

    AddressTokens() {
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        try {
            mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret, ALGORITHM));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(ALGORITHM + ": missing (expected: in every JDK)", e);
        }
    }

    private long of(InetSocketAddress client) {
        mac.update(client.getAddress().getAddress());
        mac.update((byte) (client.getPort() >> 8));
        mac.update((byte) client.getPort());
        return ByteBuffer.wrap(mac.doFinal()).getLong();
    }

    /** Overwrites the first eight bytes of a payload that is long enough. */
    void write(InetSocketAddress client, HeartbeatFrame frame) {
        text.clear();
        frame.payloadTo(text);
        text.putLong(0, of(client)).flip();
        frame.payload(text, 0, text.limit());
    }

    boolean isOf(InetSocketAddress client, HeartbeatFrame frame) {
        return of(client) == read(frame);
    }

    /** The first eight bytes of a payload that is long enough. */
    static long read(HeartbeatFrame frame) {
        long token = 0;
        for (int i = 0; i < BYTES; i++) {
            token = (token << 8) | (frame.payload(i) & 0xFF);
        }
        return token;
    }
}
