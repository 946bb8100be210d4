package io.micado.scenario;

import io.micado.api.spi.Cloud;
import io.micado.api.spi.CloudTraits;
import io.micado.api.spi.LaunchRequest;
import io.micado.api.spi.LaunchResult;
import io.micado.api.spi.Leftover;
import io.micado.api.spi.MachineList;
import io.micado.api.spi.TerminateResult;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.Machine;
import io.micado.api.worker.MachineId;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A cloud that tells nothing of the sizes and prices of what it has. As thread-safe as the cloud that it hides. */
final class SilentCloud implements Cloud {
    private final Cloud hidden;

    SilentCloud(Cloud hidden) {
        this.hidden = hidden;
    }

    @Override
    public List<LaunchResult> launch(List<LaunchRequest> requests) {
        return hidden.launch(requests).stream()
                .map(result -> result instanceof LaunchResult.Launched launched
                        ? new LaunchResult.Launched(launched.worker(), withoutSize(launched.machine()))
                        : result)
                .toList();
    }

    @Override
    public MachineList list(InfrastructureId infrastructure) {
        MachineList all = hidden.list(infrastructure);
        return new MachineList(
                all.machines().stream().map(SilentCloud::withoutSize).toList(), all.leftovers(), all.complete());
    }

    private static Machine withoutSize(Machine machine) {
        return new Machine(
                machine.id(),
                machine.status(),
                machine.name(),
                machine.worker(),
                machine.pool(),
                machine.instanceType(),
                machine.addresses(),
                Optional.empty(),
                machine.engine(),
                machine.launchedAt(),
                machine.failure(),
                machine.tags(),
                machine.attributes());
    }

    @Override
    public List<TerminateResult> terminate(Set<MachineId> machines) {
        return hidden.terminate(machines);
    }

    @Override
    public void remove(Set<Leftover> leftovers) {
        hidden.remove(leftovers);
    }

    @Override
    public CloudTraits traits() {
        return hidden.traits();
    }

    @Override
    public void close() {
        hidden.close();
    }
}
