package dev.heartbeat.testkit;

import dev.heartbeat.DeathCause;
import dev.heartbeat.HeartbeatListener;
import dev.heartbeat.Refusal;
import java.util.ArrayList;
import java.util.List;

/**
 * A listener that remembers what it was told, in order, each as a line such as {@code dead 1 PEER_SILENT}.
 *
 * <p><b>Threading:</b> confined to one thread.
 */
public final class RecordingListener implements HeartbeatListener {
    private final List<String> told = new ArrayList<>();
    private final List<DeathCause> causes = new ArrayList<>();
    private final List<Exception> errors = new ArrayList<>();

    /** A listener that has been told nothing yet. */
    public RecordingListener() {}

    /**
     * Everything told so far, oldest first: the event, the handle, and what came with it.
     *
     * @return a copy
     */
    public List<String> told() {
        return List.copyOf(told);
    }

    /**
     * The causes of all deaths told so far, oldest first.
     *
     * @return a copy
     */
    public List<DeathCause> causes() {
        return List.copyOf(causes);
    }

    /**
     * The errors told so far, oldest first.
     *
     * @return a copy
     */
    public List<Exception> errors() {
        return List.copyOf(errors);
    }

    /**
     * How often an event was told.
     *
     * @param event its name, {@code dead} for instance
     * @return at least 0
     */
    public long count(String event) {
        return told.stream().filter(line -> line.startsWith(event + " ")).count();
    }

    /** Forgets everything. */
    public void clear() {
        told.clear();
        causes.clear();
        errors.clear();
    }

    @Override
    public void onDead(long handle, DeathCause cause) {
        told.add("dead " + handle + " " + cause.kind());
        causes.add(cause);
    }

    @Override
    public void onSuspect(long handle, long silenceNs) {
        told.add("suspect " + handle);
    }

    @Override
    public void onRecovered(long handle) {
        told.add("recovered " + handle);
    }

    @Override
    public void onAck(long handle, long roundTripNs) {
        told.add("ack " + handle + " " + roundTripNs);
    }

    @Override
    public void onMiss(long handle, int consecutiveMisses) {
        told.add("miss " + handle + " " + consecutiveMisses);
    }

    @Override
    public void onLateAck(long handle, int probeId) {
        told.add("lateAck " + handle + " " + probeId);
    }

    @Override
    public void onRefused(long handle, Refusal refusal) {
        told.add("refused " + handle + " " + refusal);
    }

    @Override
    public void onStall(long stallNs) {
        told.add("stall " + stallNs);
    }

    @Override
    public void onError(long handle, Exception error) {
        told.add("error " + handle + " " + error.getMessage());
        errors.add(error);
    }
}
