package io.micado.http;

import io.micado.api.event.MicadoEvent;
import io.micado.api.event.MicadoListener;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Remembers the latest {@value #KEPT} events of one infrastructure, and as many decisions besides, which a busy fleet's other events would
 * push out; and hands each event to those who listen over HTTP. Thread-safe.
 */
final class EventLog implements MicadoListener {
    static final int KEPT = 500;

    private final Deque<Heard> heard = new ArrayDeque<>();
    private final Deque<Heard> decided = new ArrayDeque<>();
    private final Set<EventStream> streams = new LinkedHashSet<>();
    private long latest;

    /**
     * An event with its number.
     *
     * @param id counts from 1
     * @param event the event
     */
    record Heard(long id, MicadoEvent event) {
        String asText() {
            return EventStream.format(id, Views.type(event), Json.text(Views.event(this)));
        }
    }

    @Override
    public synchronized void onEvent(MicadoEvent event) {
        latest++;
        Heard one = new Heard(latest, event);
        keep(one, heard);
        if (event instanceof MicadoEvent.Decided) {
            keep(one, decided);
        }
        if (!streams.isEmpty()) {
            String text = one.asText();
            streams.forEach(stream -> stream.offer(text));
            streams.removeIf(EventStream::isDropped);
        }
    }

    private static void keep(Heard one, Deque<Heard> in) {
        in.addLast(one);
        if (in.size() > KEPT) {
            in.removeFirst();
        }
    }

    /** {@return the latest events, the latest first} */
    synchronized List<Heard> latest(int most) {
        return latest(heard, most);
    }

    /** {@return the latest decisions that changed something, the latest first} */
    synchronized List<Heard> decisions(int most) {
        return latest(decided, most);
    }

    private static List<Heard> latest(Deque<Heard> of, int most) {
        List<Heard> events = new ArrayList<>(of);
        Collections.reverse(events);
        return events.subList(0, Math.min(most, events.size()));
    }

    /** {@return a stream of what happens from now on, and before that what was heard after that number} */
    synchronized EventStream stream(long after) {
        EventStream[] self = new EventStream[1];
        EventStream stream = new EventStream(() -> close(self[0]));
        self[0] = stream;
        heard.stream().filter(one -> one.id() > after).forEach(one -> stream.offer(one.asText()));
        streams.add(stream);
        return stream;
    }

    /** {@return the number of the latest event} */
    synchronized long latestId() {
        return latest;
    }

    private synchronized void close(EventStream stream) {
        streams.remove(stream);
    }
}
