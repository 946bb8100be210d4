package io.micado.provider.jclouds;

import static io.micado.provider.jclouds.Requests.requests;

import com.sun.management.ThreadMXBean;
import io.micado.api.spi.Cloud;
import io.micado.api.spi.CloudProvider;
import io.micado.api.spi.LaunchResult;
import io.micado.api.spi.MachineList;
import io.micado.api.spi.PluginContext;
import io.micado.api.spi.Secret;
import io.micado.api.spi.Settings;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.Machine;
import io.micado.api.worker.Offering;
import io.micado.internal.loop.SystemTimekeeper;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Prints how many requests, and how long, the clouds take to launch, list and terminate machines when every answer takes 200 ms. Run by hand:
 * {@code java -cp TEST_CLASS_PATH io.micado.provider.jclouds.CloudCallsBench}.
 */
public final class CloudCallsBench {
    private static final int LATENCY = 200;

    private CloudCallsBench() {}

    /** Runs it. */
    public static void main(String[] arguments) {
        System.out.println("| cloud | what | requests | time |");
        System.out.println("|---|---|---|---|");
        SystemTimekeeper time = new SystemTimekeeper();
        try (FakeEc2 ec2 = new FakeEc2()) {
            Settings account = Settings.of(Map.of(
                    "endpoint", ec2.http(),
                    "regionname", "eu-west-1",
                    "accesskey", Secret.of("a"),
                    "secretkey", Secret.of("b")));
            measure(time, "ec2", new Ec2Provider(), account, "t3.micro", ec2, ec2::populate);
        }
        try (FakeNova nova = new FakeNova()) {
            Settings account = Settings.of(Map.of(
                    "endpoint",
                    nova.http() + "/keystone",
                    "username",
                    "me",
                    "password",
                    Secret.of("p"),
                    "project_id",
                    "p1"));
            measure(time, "nova", new NovaProvider(), account, "m1.small", nova, nova::populate);
        }
        System.exit(0); // the fakes' servers keep threads
    }

    /** Makes machines without any request. */
    private interface Populate {
        void machines(String infrastructure, int count);
    }

    private static void measure(
            SystemTimekeeper time,
            String name,
            CloudProvider provider,
            Settings account,
            String type,
            FakeApi fake,
            Populate populate) {
        Offering offering = Offering.builder(name, type)
                .settings(Settings.of("image_id", "debian"))
                .build();
        Cloud cloud = provider.open(account, new PluginContext("shop", name, time, "bench", warning -> {}));
        cloud.list(new InfrastructureId("warm-up"));
        fake.latency(LATENCY);
        for (int count : new int[] {1, 10, 100}) {
            InfrastructureId infrastructure = new InfrastructureId("launch-" + count);
            print(name, "launch " + count, fake, () -> {
                List<LaunchResult> results = cloud.launch(requests(infrastructure, count, offering));
                if (!results.stream().allMatch(LaunchResult.Launched.class::isInstance)) {
                    throw new IllegalStateException("a launch failed");
                }
                return "";
            });
        }
        InfrastructureId hundred = new InfrastructureId("launch-100");
        MachineList list = cloud.list(hundred);
        print(name, "terminate 100", fake, () -> {
            cloud.terminate(list.machines().stream().map(Machine::id).collect(Collectors.toSet()));
            return "";
        });
        for (int count : new int[] {1, 10}) {
            MachineList rest = cloud.list(new InfrastructureId("launch-" + count));
            cloud.terminate(rest.machines().stream().map(Machine::id).collect(Collectors.toSet()));
        }
        InfrastructureId thousand = new InfrastructureId("thousand");
        populate.machines(thousand.value(), 1000);
        Cloud other = provider.open(account, new PluginContext("shop", name, time, "bench", warning -> {}));
        print(name, "list 1,000, the first time", fake, () -> sizeOf(other.list(thousand)));
        for (int i = 0; i < 5; i++) {
            print(name, "list 1,000", fake, () -> {
                long before = allocated();
                return sizeOf(other.list(thousand)) + ", " + (allocated() - before >> 20)
                        + " MiB allocated by both sides";
            });
        }
        other.close();
        cloud.close();
    }

    private static void print(String name, String what, FakeApi fake, Supplier<String> action) {
        int before = fake.operations.size();
        long start = System.nanoTime();
        String note = action.get();
        long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
        System.out.printf(
                "| %s | %s | %d | %,d ms |%s%n",
                name, what, fake.operations.size() - before, millis, note.isEmpty() ? "" : " " + note);
    }

    private static String sizeOf(MachineList list) {
        return list.machines().size() + " machines";
    }

    private static long allocated() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return Arrays.stream(threads.getThreadAllocatedBytes(threads.getAllThreadIds()))
                .filter(bytes -> bytes > 0)
                .sum();
    }
}
