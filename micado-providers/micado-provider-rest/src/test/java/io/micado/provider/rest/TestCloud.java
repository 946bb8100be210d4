package io.micado.provider.rest;

import io.micado.api.spi.Cloud;
import io.micado.api.spi.CloudProvider;
import io.micado.api.spi.JoinInfo;
import io.micado.api.spi.LaunchRequest;
import io.micado.api.spi.PluginContext;
import io.micado.api.spi.Secret;
import io.micado.api.spi.Settings;
import io.micado.api.time.Timekeeper;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.Offering;
import io.micado.api.worker.WorkerId;
import io.micado.internal.loop.SystemTimekeeper;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Each of the clouds over a fake of its server. Used by one test's thread. */
enum TestCloud {
    /** CloudSigma. */
    CLOUDSIGMA(
            new CloudSigmaProvider(),
            "/api/2.0",
            "POST /api/2.0/libdrives/",
            "GET /api/2.0/drives/detail/",
            FakeCloudSigma.error("permission", "You have exceeded your limit of 10 drives")) {
        @Override
        FakeServer start() {
            return new FakeCloudSigma();
        }

        @Override
        Settings account() {
            return Settings.of("email", "me@example.org")
                    .with("password", SECRET)
                    .with("poll", "10ms");
        }

        @Override
        Offering offering() {
            return Offering.builder("c", "2000MHz-2GiB").settings(machine()).build();
        }

        @Override
        Offering badOffering() {
            return Offering.builder("c", "other")
                    .settings(machine().with("libdrive_id", "00000000-0000-0000-0000-000000000000"))
                    .build();
        }

        private Settings machine() {
            return Settings.of("libdrive_id", FakeCloudSigma.LIBDRIVE)
                    .with("cpu", 2000)
                    .with("mem", "2GiB")
                    .with("vnc_password", Secret.of(MARKED + "-vnc"))
                    .with("pubkeys", List.of("d2360cda-3ef8-4a3a-9c40-5c4e02b2ba6b"));
        }
    },
    /** CloudBroker. */
    CLOUDBROKER(
            new CloudBrokerProvider(),
            "",
            "POST /instances.xml",
            "GET /instances.xml",
            "<errors><error>Organization budget exceeded</error></errors>") {
        @Override
        FakeServer start() {
            return new FakeCloudBroker();
        }

        @Override
        Settings account() {
            return Settings.of("email", "me@example.org").with("password", SECRET);
        }

        @Override
        Offering offering() {
            return offering(FakeCloudBroker.INSTANCE_TYPE);
        }

        @Override
        Offering badOffering() {
            return offering("no-such-instance-type");
        }

        private Offering offering(String type) {
            return Offering.builder("c", type)
                    .settings(Settings.of("deployment_id", FakeCloudBroker.DEPLOYMENT))
                    .build();
        }
    },
    /** OCCI. */
    OCCI(
            new OcciProvider(),
            "",
            "POST /compute/",
            "GET /compute/",
            "Quota exceeded for instances: Requested 1, but already used 8 of 10 instances") {
        @Override
        FakeServer start() {
            return new FakeOcci();
        }

        @Override
        Settings account() {
            return Settings.of("token", SECRET);
        }

        @Override
        Offering offering() {
            return offering("small");
        }

        @Override
        Offering badOffering() {
            return offering("no-such-size");
        }

        private Offering offering(String type) {
            return Offering.builder("c", type)
                    .settings(Settings.of("os_tpl", "os_tpl#debian-12"))
                    .build();
        }
    };

    static final String MARKED = "MARKED-5e4d";
    static final Secret SECRET = Secret.of(MARKED + "-credential");
    static final String USER_DATA = "#cloud-config\nruncmd:\n- docker swarm join --token " + MARKED + "-token\n";
    static final InfrastructureId INFRASTRUCTURE = new InfrastructureId("shop-0d6e5c32-93e4-4a1");
    private static final Timekeeper TIME = new SystemTimekeeper();

    final CloudProvider provider;
    final String path;
    /** The call that first makes something. */
    final String making;
    /** The call that lists first. */
    final String listing;
    /** What comes with a 403 when a quota is used up. */
    final String quota;

    final List<String> warnings = new CopyOnWriteArrayList<>();

    TestCloud(CloudProvider provider, String path, String making, String listing, String quota) {
        this.provider = provider;
        this.path = path;
        this.making = making;
        this.listing = listing;
        this.quota = quota;
    }

    abstract FakeServer start();

    abstract Settings account();

    abstract Offering offering();

    abstract Offering badOffering();

    Cloud open(FakeServer server) {
        return open(server.address(), Duration.ofSeconds(10));
    }

    Cloud open(String address, Duration deadline) {
        return open(account().with("endpoint", address + path).with("deadline", deadline), TIME);
    }

    Cloud open(String address, Timekeeper time) {
        return open(account().with("endpoint", address + path), time);
    }

    Cloud open(Settings settings, Timekeeper time) {
        return open(settings, time, "io.micado.test");
    }

    Cloud open(Settings settings, Timekeeper time, String logger) {
        warnings.clear();
        return provider.open(settings, new PluginContext("shop", "c", time, logger, warnings::add));
    }

    LaunchRequest request(String worker) {
        return request(worker, offering());
    }

    static LaunchRequest request(String worker, Offering offering) {
        return new LaunchRequest(
                new WorkerId(worker),
                "web",
                INFRASTRUCTURE,
                "shop",
                offering,
                JoinInfo.of(List.of("192.0.2.1:2377"), Secret.of(MARKED + "-token")),
                Optional.of(Secret.of(USER_DATA)));
    }
}
