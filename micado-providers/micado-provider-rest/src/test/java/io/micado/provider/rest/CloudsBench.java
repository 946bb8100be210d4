package io.micado.provider.rest;

import io.micado.api.spi.Cloud;
import io.micado.api.spi.LaunchRequest;
import io.micado.api.spi.LaunchResult;
import io.micado.api.spi.Settings;
import io.micado.api.worker.Machine;
import io.micado.api.worker.MachineId;
import io.micado.internal.loop.SystemTimekeeper;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Prints how long each cloud takes and how many calls it makes, over a fake that answers each call after 200 ms: to launch 1, 10 and 100
 * machines, to list 1,000, and to destroy 100. A main program, started by hand.
 */
final class CloudsBench {
    private static final Duration LATENCY = Duration.ofMillis(200);

    private CloudsBench() {}

    public static void main(String[] arguments) {
        System.out.println("| cloud | what | time | calls | heap after a collection |");
        System.out.println("|---|---|---|---|---|");
        for (TestCloud test : TestCloud.values()) {
            warmUp(test);
            for (int count : List.of(1, 10, 100)) {
                launch(test, count);
            }
            list(test);
        }
    }

    private static void warmUp(TestCloud test) {
        try (FakeServer server = test.start();
                Cloud cloud = test.open(server)) {
            launch(cloud, test, 20);
            cloud.list(TestCloud.INFRASTRUCTURE);
        }
    }

    /** With the product's own intervals, unlike the tests. */
    private static Cloud open(TestCloud test, FakeServer server) {
        Settings account = test.account().with("endpoint", server.address() + test.path);
        boolean polls = account.raw("poll").isPresent();
        return test.open(polls ? account.with("poll", "2s") : account, new SystemTimekeeper());
    }

    private static void launch(TestCloud test, int count) {
        try (FakeServer server = test.start();
                Cloud cloud = open(test, server)) {
            server.takes(LATENCY);
            List<Machine> machines = measured(test, "launch " + count, server, () -> launch(cloud, test, count));
            if (count == 100) {
                Set<MachineId> ids = machines.stream().map(Machine::id).collect(Collectors.toSet());
                measured(test, "destroy " + count, server, () -> cloud.terminate(ids));
            }
        }
    }

    private static List<Machine> launch(Cloud cloud, TestCloud test, int count) {
        List<LaunchRequest> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            requests.add(test.request("w" + i));
        }
        List<LaunchResult> results = cloud.launch(requests);
        return results.stream()
                .map(result -> ((LaunchResult.Launched) result).machine())
                .toList();
    }

    private static void list(TestCloud test) {
        try (FakeServer server = test.start();
                Cloud cloud = test.open(server)) {
            launch(cloud, test, 1_000);
            server.takes(LATENCY);
            measured(test, "list 1,000", server, () -> cloud.list(TestCloud.INFRASTRUCTURE));
        }
    }

    private static <T> T measured(TestCloud test, String what, FakeServer server, Supplier<T> work) {
        server.forgetCalls();
        long start = System.nanoTime();
        T result = work.get();
        double seconds = (System.nanoTime() - start) / 1e9;
        int calls = server.calls("").size();
        System.gc();
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20;
        System.out.printf(
                Locale.ROOT, "| %s | %s | %.1f s | %d | %d MiB |%n", test.provider.type(), what, seconds, calls, heap);
        return result;
    }
}
