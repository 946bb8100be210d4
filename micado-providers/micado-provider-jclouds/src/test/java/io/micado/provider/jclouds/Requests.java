package io.micado.provider.jclouds;

import io.micado.api.error.MicadoException;
import io.micado.api.spi.Cloud;
import io.micado.api.spi.JoinInfo;
import io.micado.api.spi.LaunchRequest;
import io.micado.api.spi.LaunchResult;
import io.micado.api.spi.Secret;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.Machine;
import io.micado.api.worker.Offering;
import io.micado.api.worker.WorkerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes launch requests for tests, and takes results apart. Stateless. */
final class Requests {
    static final InfrastructureId INFRASTRUCTURE = new InfrastructureId("0f7d9c52");
    static final String USER_DATA = "#cloud-config\n# marked-user-data\n";

    private Requests() {}

    static LaunchRequest request(InfrastructureId infrastructure, String worker, Offering offering) {
        return new LaunchRequest(
                new WorkerId(worker),
                "web",
                infrastructure,
                "shop",
                offering,
                JoinInfo.of(List.of("192.0.2.1:2377"), Secret.of("marked-join-token")),
                Optional.of(Secret.of(USER_DATA)));
    }

    static LaunchRequest request(String worker, Offering offering) {
        return request(INFRASTRUCTURE, worker, offering);
    }

    static List<LaunchRequest> requests(InfrastructureId infrastructure, int count, Offering offering) {
        List<LaunchRequest> requests = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            requests.add(request(infrastructure, "w" + i, offering));
        }
        return requests;
    }

    static Machine launched(LaunchResult result) {
        if (result instanceof LaunchResult.Launched launched) {
            return launched.machine();
        }
        throw new AssertionError("a launch failed", ((LaunchResult.Failed) result).error());
    }

    static Machine launch(Cloud cloud, LaunchRequest request) {
        return launched(cloud.launch(List.of(request)).get(0));
    }

    static MicadoException failure(Cloud cloud, LaunchRequest request) {
        LaunchResult result = cloud.launch(List.of(request)).get(0);
        if (result instanceof LaunchResult.Failed failed) {
            return failed.error();
        }
        throw new AssertionError("a failure is expected, but was " + result);
    }
}
