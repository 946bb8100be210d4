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
    private final Map<Long, Time> times = new HashMap<>();

    /** What one thread has used so far. */
    private record Time(Part part, long nanos) {}

    /** Takes the times of all threads down; often enough, since those of a thread that has ended cannot be asked for. */
    void look() {
        for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            // Null, or -1, of one that has just ended.
            long nanos = thread == null ? -1 : threads.getThreadCpuTime(thread.getThreadId());
            if (nanos >= 0) {
                times.put(thread.getThreadId(), new Time(Part.of(thread.getThreadName()), nanos));
            }
        }
    }

    /** {@return the CPU time so far of each part, in nanoseconds} */
    Map<Part, Long> byPart() {
        look();
        long process = ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
        Map<Part, Long> sums = new HashMap<>();
        times.values().forEach(time -> sums.merge(time.part(), time.nanos(), Long::sum));
        long java = sums.values().stream().mapToLong(Long::longValue).sum();
        sums.put(Part.JVM, process - java);
        return sums;
    }
}
