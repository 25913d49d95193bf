package dev.heartbeat;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * Where two threads meet in the service, with the forbidden outcome in words. {@code benchmarks/races} runs them.
 */
public final class Races {
    private Races() {}

    // ---- a mark against an expiry

    /** The peer is heard at the moment when it becomes suspect. */
    @JCStressTest
    @Outcome(id = "ALIVE, 0", expect = ACCEPTABLE, desc = "heard before, or at once afterwards")
    @Outcome(
            id = "SUSPECT, 0",
            expect = FORBIDDEN,
            desc = "heard, and still suspect after the second look: the mark is lost")
    @Outcome(expect = FORBIDDEN, desc = "anything else")
    @State
    public static class MarkAgainstSuspicion {
        private final RaceBench bench = new RaceBench();

        @Actor
        public void mark() {
            bench.watched.received(RaceBench.SUSPECT_NS);
        }

        @Actor
        public void expire() {
            bench.shard.step(RaceBench.SUSPECT_NS);
        }

        @Arbiter
        public void after(LL_Result result) {
            bench.settleWithSecondLook(RaceBench.SUSPECT_NS);
            result.r1 = bench.watched.liveness();
            result.r2 = bench.deaths;
        }
    }

    /** The peer is heard at the moment when it is declared dead. */
    @JCStressTest
    @Outcome(id = "ALIVE, 0, 1", expect = ACCEPTABLE, desc = "heard in time; dies of the silence that follows, once")
    @Outcome(id = "CLOSED, 1, 1", expect = ACCEPTABLE, desc = "heard too late")
    @Outcome(expect = FORBIDDEN, desc = "told twice, or alive without a timer, or dead without being told")
    @State
    public static class MarkAgainstDeath {
        private final RaceBench bench = new RaceBench();

        @Actor
        public void mark() {
            bench.watched.received(RaceBench.DEAD_NS);
        }

        @Actor
        public void expire() {
            bench.shard.step(RaceBench.DEAD_NS);
        }

        @Arbiter
        public void after(LLL_Result result) {
            bench.settleWithSecondLook(RaceBench.DEAD_NS);
            result.r1 = bench.watched.liveness() == Liveness.SUSPECT ? Liveness.ALIVE : bench.watched.liveness();
            result.r2 = bench.deaths;
            bench.settle(RaceBench.DEAD_NS + RaceBench.LATER_NS);
            bench.settle(RaceBench.DEAD_NS + 2 * RaceBench.LATER_NS);
            result.r3 = bench.deaths;
        }
    }

    // ---- a close against an expiry

    /** The host closes at the moment when the peer is declared dead. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "closed first: nothing is told")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "dead first: told to the end, once")
    @Outcome(expect = FORBIDDEN, desc = "told by halves, or twice")
    @State
    public static class CloseAgainstDeath {
        private final RaceBench bench = new RaceBench();

        @Actor
        public void close() {
            bench.watched.close();
        }

        @Actor
        public void expire() {
            bench.shard.step(RaceBench.DEAD_NS);
        }

        @Arbiter
        public void after(II_Result result) {
            bench.settle(RaceBench.DEAD_NS);
            bench.settle(RaceBench.DEAD_NS + RaceBench.LATER_NS);
            boolean conserved = bench.shard.statistics().open() == 0 && bench.watched.liveness() == Liveness.CLOSED;
            result.r1 = conserved ? bench.closings : -1;
            result.r2 = bench.deaths;
        }
    }

    // ---- a policy against an expiry

    /** A longer silence is granted at the moment when the shorter one is over. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "granted in time, and in force until its own end")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "dead before it was granted")
    @Outcome(id = "0, 1", expect = FORBIDDEN, desc = "the new policy is lost: dead by the old one afterwards")
    @Outcome(expect = FORBIDDEN, desc = "anything else")
    @State
    public static class PolicyAgainstDeath {
        private final RaceBench bench = new RaceBench();

        @Actor
        public void grant() {
            bench.watched.policy(RaceBench.LENIENT);
        }

        @Actor
        public void expire() {
            bench.shard.step(RaceBench.DEAD_NS);
        }

        @Arbiter
        public void after(II_Result result) {
            bench.settle(RaceBench.DEAD_NS);
            result.r1 = bench.deaths;
            bench.settle(RaceBench.DEAD_NS + RaceBench.LATER_NS);
            bench.settle(RaceBench.DEAD_NS + 2 * RaceBench.LATER_NS);
            result.r2 = bench.deaths;
        }
    }

    // ---- opening and shutting down

    /** A connection is opened while the service is shut down. */
    @JCStressTest
    @Outcome(id = "refused, null", expect = ACCEPTABLE, desc = "opened too late, and said so")
    @Outcome(id = "closed, null", expect = ACCEPTABLE, desc = "opened in time, then closed with the rest")
    @Outcome(expect = FORBIDDEN, desc = "opened, said to be alive, and nobody watches it")
    @State
    public static class OpenAgainstShutdown {
        private final HeartbeatService service = HeartbeatService.builder()
                .shards(1)
                .commandCapacity(2)
                .threadFactory(Thread::new)
                .start(new RaceBenchListener());

        @Actor
        public void open(LL_Result result) {
            try {
                result.r1 = service.open(new RaceBenchListener(), RaceBench.STRICT);
            } catch (IllegalStateException e) {
                result.r1 = e;
            }
        }

        @Actor
        public void shutDown() {
            service.close();
        }

        @Arbiter
        public void after(LL_Result result) {
            if (result.r1 instanceof WatchedConnection watched) {
                result.r1 = watched.liveness() == Liveness.CLOSED ? "closed" : "forsaken";
            } else {
                result.r1 = "refused";
            }
        }
    }

    // ---- the ring

    /** An offer meets a take: an event comes whole or not at all, and each once. */
    @JCStressTest
    @Outcome(id = "0", expect = ACCEPTABLE, desc = "not there yet; there afterwards")
    @Outcome(id = "7", expect = ACCEPTABLE, desc = "whole")
    @Outcome(expect = FORBIDDEN, desc = "torn, lost or twice")
    @State
    public static class RingOfferAgainstTake {
        private final CommandRing<Integer> ring = new CommandRing<>(2);

        @Actor
        public void offer() {
            ring.offer(7, 7, 7, 7);
        }

        @Actor
        public void take(I_Result result) {
            result.r1 = take(ring);
        }

        @Arbiter
        public void after(I_Result result) {
            int left = take(ring);
            boolean once = (result.r1 == 7) != (left == 7);
            result.r1 = once ? result.r1 : -1;
        }

        static int take(CommandRing<Integer> ring) {
            if (!ring.next()) {
                return 0;
            }
            Integer subject = ring.subject();
            boolean whole = subject == ring.kind() && subject == ring.argument() && subject == ring.atNs();
            return whole ? subject : -2;
        }
    }

    /** Two offers meet where there is room for one: the cell is nobody's twice. */
    @JCStressTest
    @Outcome(id = "2, 1", expect = ACCEPTABLE, desc = "one found the ring full, and was told so")
    @Outcome(expect = FORBIDDEN, desc = "an accepted event is lost or torn, or too many are accepted")
    @State
    public static class RingOfferAgainstOffer {
        private final CommandRing<Integer> ring = new CommandRing<>(2);
        private final AtomicInteger accepted = new AtomicInteger();

        public RingOfferAgainstOffer() {
            ring.offer(1, 1, 1, 1);
        }

        @Actor
        public void offerTwo() {
            accepted.addAndGet(ring.offer(2, 2, 2, 2) ? 1 : 0);
        }

        @Actor
        public void offerThree() {
            accepted.addAndGet(ring.offer(3, 3, 3, 3) ? 1 : 0);
        }

        @Arbiter
        public void after(II_Result result) {
            int whole = 0;
            for (int left = RingOfferAgainstTake.take(ring); left != 0; left = RingOfferAgainstTake.take(ring)) {
                whole += left > 0 ? 1 : 100;
            }
            result.r1 = whole;
            result.r2 = accepted.get();
        }
    }

    /** An offer meets a take in a full ring: the cell is filled again only once it has been emptied. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "refused while full")
    @Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "in the cell that was given back")
    @Outcome(expect = FORBIDDEN, desc = "an event is overwritten, torn or lost")
    @State
    public static class RingOfferAgainstTakeWhenFull {
        private final CommandRing<Integer> ring = new CommandRing<>(2);
        private volatile boolean accepted;

        public RingOfferAgainstTakeWhenFull() {
            ring.offer(1, 1, 1, 1);
            ring.offer(2, 2, 2, 2);
        }

        @Actor
        public void offer() {
            accepted = ring.offer(3, 3, 3, 3);
        }

        @Actor
        public void take(II_Result result) {
            result.r1 = RingOfferAgainstTake.take(ring);
        }

        @Arbiter
        public void after(II_Result result) {
            boolean inOrder = RingOfferAgainstTake.take(ring) == 2
                    && RingOfferAgainstTake.take(ring) == (accepted ? 3 : 0)
                    && RingOfferAgainstTake.take(ring) == 0;
            result.r2 = inOrder ? accepted ? 2 : 1 : -1;
        }
    }

    // ---- sleeping and waking

    /** Work is put down at the moment when the shard falls asleep. */
    @JCStressTest
    @Outcome(id = "true, false", expect = ACCEPTABLE, desc = "seen before sleeping")
    @Outcome(id = "true, true", expect = ACCEPTABLE, desc = "seen, and woken as well")
    @Outcome(id = "false, true", expect = ACCEPTABLE_INTERESTING, desc = "not seen, and woken for it")
    @Outcome(id = "false, false", expect = FORBIDDEN, desc = "asleep, with work, and nobody wakes it")
    @State
    public static class SleepAgainstWork {
        private static final RaceBench SHARED = new RaceBench();

        private final Watched watched = new Watched(2, SHARED.shard, SHARED, RaceBench.STRICT, 0);
        private final Doze doze = new Doze();
        private final Mailbox mailbox = new Mailbox();

        public SleepAgainstWork() {
            doze.of(Thread.currentThread());
        }

        @Actor
        public void fallAsleep(LL_Result result) {
            doze.begin();
            result.r1 = !mailbox.isEmpty();
        }

        @Actor
        public void bringWork() {
            mailbox.post(watched);
            doze.wake();
        }

        @Arbiter
        public void after(LL_Result result) {
            result.r2 = !doze.isDozing();
        }
    }

    /** As {@link SleepAgainstWork}, for events. */
    @JCStressTest
    @Outcome(id = "true, false", expect = ACCEPTABLE, desc = "seen before sleeping")
    @Outcome(id = "true, true", expect = ACCEPTABLE, desc = "seen, and woken as well")
    @Outcome(id = "false, true", expect = ACCEPTABLE_INTERESTING, desc = "not seen, and woken for it")
    @Outcome(id = "false, false", expect = FORBIDDEN, desc = "asleep, with an event, and nobody wakes it")
    @State
    public static class SleepAgainstEvent {
        private final Doze doze = new Doze();
        private final CommandRing<Integer> ring = new CommandRing<>(2);

        public SleepAgainstEvent() {
            doze.of(Thread.currentThread());
        }

        @Actor
        public void fallAsleep(LL_Result result) {
            doze.begin();
            result.r1 = ring.isClaimed();
        }

        @Actor
        public void bringEvent() {
            ring.offer(7, 7, 7, 7);
            doze.wake();
        }

        @Arbiter
        public void after(LL_Result result) {
            result.r2 = !doze.isDozing();
        }
    }

    /** One wish waits, another is made while the shard takes the first. */
    @JCStressTest
    @Outcome(id = "true, true", expect = ACCEPTABLE, desc = "both granted, now or in the next step")
    @Outcome(expect = FORBIDDEN, desc = "a wish is lost, or the connection forgotten in the mailbox")
    @State
    public static class WishAgainstStep {
        private final RaceBench bench = new RaceBench();

        public WishAgainstStep() {
            bench.watched.probeNow();
        }

        @Actor
        public void grant() {
            bench.watched.policy(RaceBench.LENIENT);
        }

        @Actor
        public void step() {
            bench.shard.step(1);
        }

        @Arbiter
        public void after(LL_Result result) {
            bench.settle(2);
            result.r1 = bench.shard.statistics().probes() == 1;
            bench.settle(RaceBench.DEAD_NS);
            result.r2 = bench.watched.liveness() == Liveness.ALIVE;
        }
    }

    /** Told nothing, sends nothing. */
    static final class RaceBenchListener implements HeartbeatListener, HeartbeatTransport {
        @Override
        public void onDead(long handle, DeathCause cause) {}

        @Override
        public void sendProbe(long handle, int probeId) {}

        @Override
        public void close(long handle, DeathCause cause) {}
    }
}
