package dev.heartbeat.wire;

import dev.heartbeat.internal.Checks;
import java.nio.ByteBuffer;

/** Heartbeats that are always the same bytes: a few tokens to be known, one to ask with, one to answer with. */
final class TokenCodec implements HeartbeatCodec {
    private final byte[][] tokens; // what is heard; the first is the ping that is sent
    private final boolean[] pongs;
    private final byte[] answer;
    private final boolean anyCase;
    private final int longest;

    private TokenCodec(boolean anyCase, byte[] answer, byte[][] tokens, boolean[] pongs) {
        this.anyCase = anyCase;
        this.answer = answer;
        this.tokens = tokens;
        this.pongs = pongs;
        int max = 0;
        for (byte[] token : tokens) {
            max = Math.max(max, token.length);
        }
        longest = max;
    }

    static TokenCodec ofBytes(byte[] ping, byte[] pong) {
        Checks.inRange("ping.length", ping.length, 1, HeartbeatFrame.MAX_PAYLOAD);
        Checks.inRange("pong.length", pong.length, 1, HeartbeatFrame.MAX_PAYLOAD);
        byte[] own = pong.clone();
        TokenCodec codec = new TokenCodec(false, own, new byte[][] {ping.clone(), own}, new boolean[] {false, true});
        int common = Math.min(ping.length, pong.length);
        Checks.require(
                codec.matching(ByteBuffer.wrap(ping), 0, common, pong) < common,
                "pong",
                "same " + common + " bytes as ping",
                "neither is the beginning of the other");
        return codec;
    }

    /** Lines in any case; what holds "pong" is an answer. */
    static TokenCodec ofLines(String answer, String... heard) {
        byte[][] tokens = new byte[heard.length][];
        boolean[] pongs = new boolean[heard.length];
        for (int i = 0; i < heard.length; i++) {
            tokens[i] = HeartbeatCodecs.ascii(heard[i]);
            pongs[i] = heard[i].contains("PONG") || heard[i].contains("pong");
        }
        return new TokenCodec(true, HeartbeatCodecs.ascii(answer), tokens, pongs);
    }

    @Override
    public DecodeResult decode(ByteBuffer in, HeartbeatFrame out) {
        int start = in.position();
        int there = in.remaining();
        boolean mayBecome = false;
        for (int i = 0; i < tokens.length; i++) {
            byte[] token = tokens[i];
            int length = Math.min(there, token.length);
            if (matching(in, start, length, token) == length) {
                if (length == token.length) {
                    out.reset(pongs[i] ? FrameKind.PONG : FrameKind.PING);
                    HeartbeatFrame.position(in, start + length);
                    return DecodeResult.HEARTBEAT;
                }
                mayBecome = true;
            }
        }
        return mayBecome ? DecodeResult.NEED_MORE : DecodeResult.NOT_HEARTBEAT;
    }

    /** How many of the first bytes are those of the token. */
    private int matching(ByteBuffer in, int start, int length, byte[] token) {
        int i = 0;
        while (i < length && same(in.get(start + i), token[i])) {
            i++;
        }
        return i;
    }

    private boolean same(byte a, byte b) {
        return a == b || (anyCase && lower(a) == lower(b));
    }

    private static int lower(byte letter) {
        return letter >= 'A' && letter <= 'Z' ? letter + ('a' - 'A') : letter;
    }

    @Override
    public void encode(ByteBuffer out, HeartbeatFrame frame) {
        if (!supports(frame.kind())) {
            throw new IllegalArgumentException("kind: " + frame.kind() + " (expected: PING or PONG)");
        }
        out.put(frame.kind() == FrameKind.PONG ? answer : tokens[0]);
    }

    @Override
    public int maxFrameBytes() {
        return longest;
    }
}
