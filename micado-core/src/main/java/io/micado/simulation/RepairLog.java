package io.micado.simulation;

import java.util.ArrayList;
import java.util.List;

/** What was repaired in a trace: the first hundred repairs, and how many more there were. Confined to one thread. */
final class RepairLog {
    private static final int TOLD = 100;

    private final List<String> told = new ArrayList<>();
    private int more;

    void add(String repair) {
        if (told.size() < TOLD) {
            told.add(repair);
        } else {
            more++;
        }
    }

    /** {@return a line for each, in the order in which they were made} */
    List<String> lines() {
        List<String> lines = new ArrayList<>(told);
        if (more > 0) {
            lines.add("and " + more + " repairs more");
        }
        return lines;
    }
}
