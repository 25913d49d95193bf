package dev.heartbeat.examples.lab.demo;

import dev.heartbeat.examples.lab.proxy.LinkRecord;
import dev.heartbeat.examples.lab.proxy.NatProxy;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Puts server, proxy and clients up, plays the plan, and brings home what was observed. */
final class Stage implements AutoCloseable {
    private final Settings settings;
    private final Plan plan;
    private final Consumer<String> say;
    private final Journal journal = new Journal();
    private final Lateness lateness = new Lateness();
    private final DemoServer server;
    private final NatProxy proxy;
    private final ClientLoop many;
    private final Map<Integer, ClientLoop> alone = new HashMap<>();
    private final ConcurrentLinkedQueue<Fault> faults = new ConcurrentLinkedQueue<>();
    private final long startNs;
    private final Set<Role> announced = EnumSet.noneOf(Role.class);
    private volatile long stallFromNs;
    private volatile long stallToNs;

    Stage(Settings settings, Plan plan, Consumer<String> say) throws IOException {
        this.settings = settings;
        this.plan = plan;
        this.say = say;
        server = new DemoServer(settings, journal, lateness);
        proxy = NatProxy.start(server.address(), settings.natTimeout());
        many = new ClientLoop("clients", settings, proxy.address(), journal, lateness);
        for (int client : plan.clientsWith(Role.FREEZING)) {
            // What a frozen client is late is not this host's lateness.
            alone.put(client, new ClientLoop("client-" + client, settings, proxy.address(), journal, new Lateness()));
        }
        startNs = System.nanoTime();
        stallFromNs = startNs;
        stallToNs = startNs;
    }

    Run play() throws InterruptedException, IOException {
        lateness.start();
        server.start();
        try (Samples samples = new Samples(startNs, server::sessions, this::connected)) {
            begin();
            for (Plan.Act act : plan.acts()) {
                sleepUntil(act.at());
                perform(act);
            }
            sleepUntil(Plan.end(settings));
            say.accept("all is quiet; counting");
            return end(samples);
        }
    }

    private void begin() throws InterruptedException {
        say.accept(settings.clients() + " clients connect through a NAT that forgets after "
                + settings.natTimeout().toMillis() + " ms");
        many.start();
        for (ClientLoop loop : alone.values()) {
            loop.start();
        }
        for (int client = 0; client < plan.roles().size(); client++) {
            int number = client;
            ClientLoop loop = loopOf(number);
            loop.tell(() -> loop.add(number, plan.roles().get(number)));
        }
    }

    private ClientLoop loopOf(int client) {
        return alone.getOrDefault(client, many);
    }

    int connected() {
        int sum = many.connected();
        for (ClientLoop loop : alone.values()) {
            sum += loop.connected();
        }
        return sum;
    }

    private void sleepUntil(Duration at) throws InterruptedException {
        long leftNs = at.toNanos() - (System.nanoTime() - startNs);
        if (leftNs > 0) {
            TimeUnit.NANOSECONDS.sleep(leftNs);
        }
    }

    private void perform(Plan.Act act) throws InterruptedException {
        if (act.client() == Plan.SERVER) {
            say.accept("the server's loop stands still for " + act.length().toMillis() + " ms");
            server.tell(() -> {
                stallFromNs = System.nanoTime();
                sleepThrough(act.length());
                stallToNs = System.nanoTime();
            });
            return;
        }
        announce(act);
        if (act.role() == Role.SLOW && act.length().isZero()) {
            isDone(act); // or its link has ended, and a new one has no delay to be taken back
            return;
        }
        long sinceNs = System.nanoTime();
        while (!isDone(act)) {
            if (System.nanoTime() - sinceNs >= settings.backoff().toNanos()) {
                // Left to the promise that what was planned went wrong.
                say.accept("not done, as client " + act.client() + " is not connected: "
                        + act.role().title());
                return;
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    /** False if there was no connection to do it to: the client was lost by mistake, and may be on its way back. */
    private boolean isDone(Plan.Act act) {
        Event connected = journal.standing(act.client());
        if (connected == null) {
            return false;
        }
        try {
            perform(act, connected);
            return true;
        } catch (IllegalArgumentException e) {
            return false; // the proxy knows no such link any more, or not yet
        }
    }

    private void perform(Plan.Act act, Event connected) {
        int client = act.client();
        switch (act.role()) {
            case SLOW -> proxy.delay(connected.port(), act.length());
            case HELD -> proxy.hold(connected.port(), act.length());
            case CUT_OFF -> {
                long atNs = proxy.blackHole(connected.port());
                faults.add(new Fault(Role.CUT_OFF, client, connected.epoch(), atNs, atNs));
            }
            case VANISHING -> {
                long atNs = proxy.blackHole(connected.port());
                faults.add(new Fault(Role.VANISHING, client, connected.epoch(), atNs, atNs));
                many.tell(() -> many.vanish(client));
            }
            case FREEZING ->
                loopOf(client).tell(() -> {
                    long fromNs = System.nanoTime();
                    sleepThrough(act.length());
                    faults.add(new Fault(Role.FREEZING, client, connected.epoch(), fromNs, System.nanoTime()));
                });
            case QUIET, CHATTY, SLEEPY -> throw new IllegalStateException("no act: " + act.role());
        }
    }

    /** Says once what kind of thing begins now. */
    private void announce(Plan.Act act) {
        if (announced.add(act.role())) {
            say.accept(
                    switch (act.role()) {
                        case SLOW -> "some links become slow";
                        case HELD -> "some links stop for a moment, and go on";
                        case VANISHING -> "one after the other, clients vanish without a FIN";
                        case FREEZING -> "some applications hang; their kernels do not";
                        case CUT_OFF -> plan.clientsWith(Role.CUT_OFF).size() + " paths become black holes at once";
                        case QUIET, CHATTY, SLEEPY -> "";
                    });
        }
    }

    /** Blocks, as a loop does that calls something that hangs. */
    private static void sleepThrough(Duration length) {
        try {
            TimeUnit.NANOSECONDS.sleep(length.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Run end(Samples samples) throws InterruptedException {
        long closingNs = System.nanoTime();
        DemoServer.Holdings settled = server.ask(server::holdings);
        List<LinkRecord> links = proxy.records();
        many.tell(many::leave);
        alone.values().forEach(loop -> loop.tell(loop::leave));
        DemoServer.Holdings left = settled;
        long patienceNs = TimeUnit.SECONDS.toNanos(10);
        while (left.sessions() > 0 && System.nanoTime() - closingNs < patienceNs) {
            TimeUnit.MILLISECONDS.sleep(20);
            left = server.ask(server::holdings);
        }
        samples.close();
        Observed observed = new Observed(
                startNs,
                closingNs,
                new ArrayList<>(faults),
                links,
                journal.events(),
                stallFromNs,
                stallToNs,
                settled,
                left,
                lateness);
        return new Run(
                Reckoning.of(settings, plan, observed),
                plan,
                Account.ms(System.nanoTime() - startNs),
                Account.ms(stallFromNs - startNs),
                Account.ms(stallToNs - startNs),
                samples.all(),
                journal.roundTrips());
    }

    @Override
    public void close() {
        try {
            many.close();
            alone.values().forEach(ClientLoop::close);
            server.close();
        } finally {
            proxy.close();
            lateness.close();
        }
    }
}
