package dev.heartbeat.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heartbeat.HeartbeatPolicy;
import dev.heartbeat.Liveness;
import dev.heartbeat.wire.Correlation;
import dev.heartbeat.wire.DecodeResult;
import dev.heartbeat.wire.HeartbeatCodec;
import dev.heartbeat.wire.HeartbeatCodecs;
import dev.heartbeat.wire.HeartbeatFrame;
import dev.heartbeat.wire.MessageLength;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FaultsTest {
    private static final HeartbeatPolicy CLIENT = HeartbeatPolicy.client();

    private static HandlerBuilder lines() {
        return HeartbeatHandler.builder(CLIENT).protocol(HeartbeatProtocol.frames(HeartbeatCodecs.line()));
    }

    @Test
    void loopBlocked_tenSecondsByAHandler_killsNobody() {
        HeartbeatPolicy hasty = HeartbeatPolicy.builder()
                .interval(Duration.ofSeconds(2))
                .ackTimeout(Duration.ofSeconds(1))
                .build();
        EmbeddedChannel channel = new EmbeddedChannel();
        ChannelInboundHandlerAdapter blocks = new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object msg) {
                channel.advanceTimeBy(10, TimeUnit.SECONDS);
                ctx.fireChannelRead(msg);
            }
        };
        try (Rig rig = new Rig(
                channel, HeartbeatHandler.builder(hasty).protocol(HeartbeatProtocol.frames(HeartbeatCodecs.line())))) {
            channel.pipeline().addBefore(channel.pipeline().context(rig.app).name(), "blocks", blocks);
            rig.pass(Duration.ofMillis(2_050)); // a probe has left, its ack is due in a second
            rig.hear("something that takes long");
            rig.pass(0);
            rig.hear("PONG\r\n"); // had been waiting in the socket
            assertFalse(rig.app.told.contains("SUSPECT"), rig.app.told::toString);
            assertEquals(0, rig.handler.statistics().misses());
            channel.pipeline().remove("blocks");
            rig.pass(60);
            assertTrue(rig.app.told.contains("dead PEER_SILENT"), "and afterwards it judges as before");
        }
    }

    @Test
    void handler_removed_takesEverythingAlongAndIsSilent() {
        try (Rig rig = new Rig(lines())) {
            assertNotNull(rig.channel.pipeline().get(EdgeHandler.class));
            rig.channel.pipeline().remove(rig.handler);
            assertNull(rig.channel.pipeline().get(EdgeHandler.class));
            rig.pass(3600);
            rig.hear("PING\r\n");
            assertEquals(List.of("PING\r\n"), rig.app.messages);
            assertEquals(List.of(), rig.written());
            assertEquals(List.of(), rig.app.told);
            assertEquals(-1, rig.channel.runScheduledPendingTasks(), "nothing is left in the loop");
        }
    }

    @Test
    void handler_removedAndAddedAgain_watchesAfresh() {
        try (Rig rig = new Rig(lines())) {
            for (int i = 0; i < 3; i++) {
                rig.pass(55);
                rig.channel.pipeline().removeFirst(); // the edge: deaf, so nobody is judged
                rig.pass(600);
                rig.channel.pipeline().remove(HeartbeatHandler.class);
                rig.channel
                        .pipeline()
                        .addBefore(
                                rig.channel.pipeline().context(rig.app).name(),
                                null,
                                lines().onDeath(rig.app).build());
            }
            assertFalse(rig.app.told.contains("DEAD"));
            rig.pass(61);
            assertTrue(rig.app.told.contains("DEAD"));
        }
    }

    @Test
    void channel_closedInACallback_isToldOnce() {
        ChannelInboundHandlerAdapter closes = new ChannelInboundHandlerAdapter() {
            @Override
            public void userEventTriggered(ChannelHandlerContext ctx, Object evt) {
                ctx.channel().close();
                ctx.fireUserEventTriggered(evt);
            }
        };
        try (Rig rig = new Rig(lines())) {
            rig.channel
                    .pipeline()
                    .addBefore(rig.channel.pipeline().context(rig.app).name(), "closes", closes);
            rig.pass(3600);
            assertEquals(List.of("inactive"), rig.app.told);
            assertEquals(List.of(), rig.app.errors);
        }
    }

    /** As most handlers do, Netty's for WebSocket among them: the failure is the reason, not our closing. */
    @Test
    void channelThatFails_andIsClosedByAHandlerForThat_isToldWithItsFailure() {
        ChannelInboundHandlerAdapter closes = new ChannelInboundHandlerAdapter() {
            @Override
            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                ctx.close();
            }
        };
        try (Rig rig = new Rig(lines(), closes)) {
            rig.channel.pipeline().fireExceptionCaught(new IOException("Connection reset"));
            assertEquals(List.of("DEAD", "inactive", "dead TRANSPORT_ERROR"), rig.app.told);
            assertFalse(rig.channel.isOpen());
        }
    }

    @Test
    void handler_removedWhenItsPeerIsDead_isSilentFromThen() {
        ChannelInboundHandlerAdapter removes = new ChannelInboundHandlerAdapter() {
            @Override
            public void userEventTriggered(ChannelHandlerContext ctx, Object evt) {
                if (evt instanceof HeartbeatEvent event && event.kind() == HeartbeatEvent.Kind.DEAD) {
                    ctx.pipeline().remove(HeartbeatHandler.class);
                }
                ctx.fireUserEventTriggered(evt);
            }
        };
        try (Rig rig = new Rig(lines())) {
            rig.channel
                    .pipeline()
                    .addBefore(rig.channel.pipeline().context(rig.app).name(), "removes", removes);
            rig.pass(3600);
            assertEquals(List.of("SUSPECT", "DEAD"), rig.app.told);
            assertTrue(rig.channel.isOpen());
        }
    }

    @Test
    void listener_thatThrows_goesToTheNearestPipelineAndStopsNobodyElse() {
        DeathListener throwing = (Channel channel, dev.heartbeat.DeathCause cause) -> {
            throw new IllegalStateException("listener");
        };
        EmbeddedChannel channel = new EmbeddedChannel();
        Recorder app = new Recorder();
        channel.freezeTime();
        channel.pipeline()
                .addLast(lines().onDeath(throwing).closeWhenDead(false).build(), app);
        channel.advanceTimeBy(3600, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        assertEquals(List.of("SUSPECT", "DEAD"), app.told);
        assertEquals("listener", app.errors.get(0).getMessage());
        channel.finishAndReleaseAll();
    }

    @Test
    void protocol_thatThrows_isToldInItsOwnPipeline() {
        HeartbeatProtocol<Object> broken = HeartbeatProtocol.of(Object.class)
                .ping(id -> {
                    throw new IllegalStateException("ping");
                })
                .isPing(m -> false)
                .pong(m -> m)
                .isPong(m -> false)
                .build();
        try (Rig rig = new Rig(HeartbeatHandler.builder(CLIENT).protocol(broken))) {
            rig.pass(31);
            assertEquals("ping", rig.app.errors.get(0).getMessage());
            rig.pass(31);
            assertTrue(rig.app.told.contains("dead PROBE_UNWRITTEN"));
        }
    }

    /** Reads ids of pongs, and has nothing to say to a ping. */
    private static HeartbeatProtocol<ByteBuf> careless() {
        return HeartbeatProtocol.of(ByteBuf.class)
                .ping(id -> Rig.bytes("PING " + id))
                .isPing(message -> text(message).startsWith("PING"))
                .pong(ping -> {
                    throw new IllegalStateException("pong");
                })
                .isPong(message -> text(message).startsWith("PONG"))
                .pongId(message -> Integer.parseInt(text(message).substring(5)))
                .build();
    }

    private static String text(ByteBuf message) {
        return message.toString(StandardCharsets.US_ASCII);
    }

    @Test
    void message_thatTheProtocolCannotRead_isReleasedRefusedAndToldInItsOwnPipeline() {
        try (Rig rig = new Rig(HeartbeatHandler.builder(CLIENT).protocol(careless()))) {
            ByteBuf evil = Rig.bytes("PONG x");
            rig.channel.writeInbound(evil);
            assertEquals(0, evil.refCnt());
            assertInstanceOf(NumberFormatException.class, rig.app.errors.get(0));
            assertEquals(List.of(), rig.app.messages);
            assertEquals(1, refused(rig));
            rig.hear("hello");
            assertEquals(List.of("hello"), rig.app.messages);
        }
    }

    @Test
    void ping_thatTheProtocolCannotAnswer_isReleasedAndHeardAllTheSame() {
        try (Rig rig = new Rig(HeartbeatHandler.builder(CLIENT).protocol(careless()))) {
            ByteBuf ping = Rig.bytes("PING 1");
            rig.channel.writeInbound(ping);
            assertEquals(0, ping.refCnt());
            assertEquals("pong", rig.app.errors.get(0).getMessage());
            assertEquals(List.of(), rig.written());
        }
    }

    @Test
    void tappedMessage_thatTheProtocolCannotRead_isLeftToWhoseItIs() {
        ChannelInboundHandlerAdapter answers = new ChannelInboundHandlerAdapter();
        HeartbeatProtocol<ByteBuf> tapping = new Forwarding(careless()) {
            @Override
            public ChannelHandlerContext answeredBy(ChannelPipeline pipeline) {
                return pipeline.context(answers);
            }
        };
        try (Rig rig = new Rig(HeartbeatHandler.builder(CLIENT).protocol(tapping), answers)) {
            rig.hear("PONG x");
            assertEquals(List.of("PONG x"), rig.app.messages);
            assertInstanceOf(NumberFormatException.class, rig.app.errors.get(0));
            assertEquals(1, refused(rig));
        }
    }

    @Test
    void echo_thatTheProtocolCannotSay_takesNoPlace() {
        HeartbeatProtocol<ByteBuf> mute = new Forwarding(HeartbeatProtocol.frames(HeartbeatCodecs.binary())) {
            @Override
            public ByteBuf write(HeartbeatFrame frame, ByteBufAllocator allocator) {
                throw new IllegalStateException("mute");
            }
        };
        try (Rig rig =
                new Rig(HeartbeatHandler.builder(HeartbeatPolicy.server()).protocol(mute))) {
            rig.channel.writeInbound(EchoTest.echoAfter(Duration.ofSeconds(9)));
            assertEquals("mute", rig.app.errors.get(0).getMessage());
            assertEquals(0, LoopHeartbeats.of(rig.channel).echoRoom().taken());
        }
    }

    @Test
    void stream_whoseCodecThrows_isBrokenAndKeepsNothing() {
        HeartbeatCodec throwing = new HeartbeatCodec() {
            @Override
            public DecodeResult decode(ByteBuffer in, HeartbeatFrame out) {
                throw new IllegalStateException("codec");
            }

            @Override
            public void encode(ByteBuffer out, HeartbeatFrame frame) {
                out.put((byte) 0);
            }

            @Override
            public int maxFrameBytes() {
                return 1;
            }
        };
        try (Rig rig = new Rig(HeartbeatHandler.builder(CLIENT).stream(throwing, MessageLength.prefixed(4)))) {
            ByteBuf bytes = Rig.bytes("x");
            rig.channel.writeInbound(bytes);
            assertEquals(0, bytes.refCnt());
            assertEquals("codec", rig.app.errors.get(0).getMessage());
            assertTrue(rig.app.told.contains("dead ABUSE"), rig.app.told::toString);
            assertEquals(1, refused(rig));
        }
    }

    @Test
    void stream_whosePingCannotBeAnswered_passesOnWhatIsBehindIt() {
        HeartbeatProtocol<ByteBuf> lines = HeartbeatProtocol.frames(HeartbeatCodecs.line());
        HeartbeatProtocol<ByteBuf> mute = new Forwarding(lines) {
            @Override
            public ByteBuf write(HeartbeatFrame frame, ByteBufAllocator allocator) {
                throw new IllegalStateException("mute");
            }
        };
        HandlerBuilder builder =
                HeartbeatHandler.builder(CLIENT).stream(HeartbeatCodecs.line(), MessageLength.endingWith((byte) '\n'));
        builder.protocol = mute;
        try (Rig rig = new Rig(builder)) {
            rig.hear("PING\r\nhello\n");
            assertEquals("mute", rig.app.errors.get(0).getMessage());
            assertEquals(List.of("hello\n"), rig.app.messages);
        }
    }

    private static long refused(Rig rig) {
        return LoopHeartbeats.of(rig.channel).monitor().statistics().refused();
    }

    /** A protocol, but for what is overridden. */
    private abstract static class Forwarding implements HeartbeatProtocol<ByteBuf> {
        private final HeartbeatProtocol<ByteBuf> to;

        Forwarding(HeartbeatProtocol<ByteBuf> to) {
            this.to = to;
        }

        @Override
        public Class<ByteBuf> messageType() {
            return to.messageType();
        }

        @Override
        public DecodeResult read(ByteBuf message, HeartbeatFrame out) {
            return to.read(message, out);
        }

        @Override
        public ByteBuf write(HeartbeatFrame frame, ByteBufAllocator allocator) {
            return to.write(frame, allocator);
        }

        @Override
        public Correlation correlation() {
            return to.correlation();
        }
    }

    @Test
    void handlerOfADeadPeer_isStaleAndHarmless() {
        try (Rig rig = new Rig(lines().closeWhenDead(false))) {
            rig.pass(3600);
            rig.handler.probeNow();
            rig.handler.networkChanged();
            rig.hear("PONG\r\n");
            rig.written();
            rig.pass(3600);
            assertEquals(List.of(), rig.written());
            assertEquals(Liveness.CLOSED, rig.handler.liveness());
        }
    }
}
