package io.micado.examples.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.HashMap;
import java.util.Map;

/**
 * Adds up the CPU time of this JVM's threads by what they are for, which their names tell. What the JVM itself takes, its compiler and
 * its collector, is what is left of the process. Confined to one thread.
 */
final class CpuByThread {
    /** What a thread is for. */
    enum Part {
        LOOP("the loop thread"),
        POLICIES("policies"),
        ENGINE("lease, memory, events"),
        SIMULATED("reads, effects and timers: nearly all of it is the simulation"),
        OTHERS("this program"),
        JVM("the JVM: compiler, collector, its own timers");

        private final String words;

        Part(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }

        private static Part of(String thread) {
            if (!thread.startsWith("micado-")) {
                return OTHERS;
            }
            String name = thread.substring("micado-".length());
            if (name.startsWith("loop")) {
                return LOOP;
            }
            if (name.startsWith("policy")) {
                return POLICIES;
            }
            boolean simulated = name.startsWith("read")
                    || name.startsWith("cloud")
                    || name.startsWith("cluster")
                    || name.startsWith("timer");
            return simulated ? SIMULATED : ENGINE;
        }
    }

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final Map<Long, Part> parts = new HashMap<>();
    private final Map<Long, Long> nanos = new HashMap<>();

    /** Takes the times of all threads down; often enough, since those of a thread that has ended cannot be asked for. */
    void look() {
        for (long id : threads.getAllThreadIds()) {
            ThreadInfo thread = parts.containsKey(id) ? null : threads.getThreadInfo(id);
            if (thread != null) {
                parts.put(id, Part.of(thread.getThreadName()));
            }
            long time = threads.getThreadCpuTime(id);
            if (time >= 0 && parts.containsKey(id)) {
                nanos.put(id, time);
            }
        }
    }

    /** {@return the CPU time so far of each part, in nanoseconds} */
    Map<Part, Long> byPart() {
        look();
        long process = ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
        Map<Part, Long> sums = new HashMap<>();
        nanos.forEach((id, time) -> sums.merge(parts.get(id), time, Long::sum));
        long java = sums.values().stream().mapToLong(time -> time).sum();
        sums.put(Part.JVM, process - java);
        return sums;
    }
}
