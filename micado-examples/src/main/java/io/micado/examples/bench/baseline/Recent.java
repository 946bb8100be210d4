package io.micado.examples.bench.baseline;

import java.util.ArrayDeque;

/** Numbers of the last while, for windows such as "the highest of five minutes". Confined to one thread. */
final class Recent {
    private final int reach;
    private final ArrayDeque<Entry> entries = new ArrayDeque<>();

    private record Entry(int second, double value) {}

    /** {@code reach} is how far back anybody will look, in seconds; what is older is forgotten. */
    Recent(int reach) {
        this.reach = reach;
    }

    void add(int second, double value) {
        entries.addLast(new Entry(second, value));
        while (entries.getFirst().second() < second - reach) {
            entries.removeFirst();
        }
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** {@return the highest since that second, itself left out; {@code otherwise} when there is none} */
    double highestAfter(int second, double otherwise) {
        return entries.stream()
                .filter(entry -> entry.second() > second)
                .mapToDouble(Entry::value)
                .max()
                .orElse(otherwise);
    }

    /** {@return the sum since that second, itself left out} */
    double sumAfter(int second) {
        return entries.stream()
                .filter(entry -> entry.second() > second)
                .mapToDouble(Entry::value)
                .sum();
    }

    /** {@return the mean since that second, itself left out; NaN when there is none} */
    double meanAfter(int second) {
        return entries.stream()
                .filter(entry -> entry.second() > second)
                .mapToDouble(Entry::value)
                .average()
                .orElse(Double.NaN);
    }

    /** {@return how many there are since that second, itself left out} */
    long countAfter(int second) {
        return entries.stream().filter(entry -> entry.second() > second).count();
    }
}
