package io.micado.simulation.fluid;

import java.util.ArrayDeque;
import java.util.Iterator;

/** Remembers how busy the instances were, for as long as measurements reach back. Confined to one thread. */
final class LoadMeter {
    private final double reach;
    private final ArrayDeque<Segment> segments = new ArrayDeque<>();

    /** A time in which nothing changed. */
    private record Segment(double from, double to, double utilisation, double offered) {}

    /** {@code reach} tells how far back anybody will ask, in seconds. */
    LoadMeter(double reach) {
        this.reach = reach;
    }

    void add(double from, double to, double utilisation, double offered) {
        segments.addLast(new Segment(from, to, utilisation, offered));
        while (segments.getFirst().to() <= to - reach) {
            segments.removeFirst();
        }
    }

    /** {@return the mean use of an instance; NaN when nothing is known of the time} */
    double utilisation(double from, double to) {
        return mean(from, to, true);
    }

    /** {@return the mean rate of arrivals; NaN when nothing is known of the time} */
    double offered(double from, double to) {
        return mean(from, to, false);
    }

    private double mean(double from, double to, boolean utilisation) {
        double sum = 0;
        double time = 0;
        Iterator<Segment> latestFirst = segments.descendingIterator();
        while (latestFirst.hasNext()) {
            Segment segment = latestFirst.next();
            if (segment.to() <= from) {
                break;
            }
            double overlap = Math.min(segment.to(), to) - Math.max(segment.from(), from);
            if (overlap > 0) {
                time += overlap;
                sum += overlap * (utilisation ? segment.utilisation() : segment.offered());
            }
        }
        return time > 0 ? sum / time : Double.NaN;
    }
}
