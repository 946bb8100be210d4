package io.micado.internal.loop;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.event.MicadoEvent;
import io.micado.api.service.ServiceSpec;
import io.micado.api.service.ServiceState;
import io.micado.api.spi.ClusterChange;
import io.micado.api.spi.ClusterView;
import io.micado.api.time.Timekeeper;
import io.micado.internal.lease.Coordinator;
import io.micado.internal.state.ServiceCatalog;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Deploys and removes services: those that the host program configured, and those that it asks for while it runs. Its commands are
 * thread-safe; the rest is confined to the loop thread.
 */
final class Deployments {
    private static final Duration DEPLOY_AGAIN = Duration.ofSeconds(10);

    private final Timekeeper time;
    private final Executor loop;
    private final Coordinator coordinator;
    private final Mode mode;
    private final Commands commands;
    private final ServiceCatalog catalog;
    private final ClusterChanges changes;
    private final ImageDesk images;
    private final ToldProblems told;
    private final Consumer<MicadoEvent> publish;
    private final BooleanSupplier closed;
    private final TurnsByService turns = new TurnsByService();
    /** What is being deployed, by service. */
    private final Map<String, ServiceSpec> deploying = new LinkedHashMap<>();

    private final Set<ServiceSpec> toDeploy = new LinkedHashSet<>();

    /**
     * Creates one.
     *
     * @param closed whether nothing is to be tried again any more
     */
    Deployments(
            Timekeeper time,
            Executor loop,
            Coordinator coordinator,
            Mode mode,
            Commands commands,
            ServiceCatalog catalog,
            ClusterChanges changes,
            ImageDesk images,
            ToldProblems told,
            Consumer<MicadoEvent> publish,
            BooleanSupplier closed) {
        this.time = time;
        this.loop = loop;
        this.coordinator = coordinator;
        this.mode = mode;
        this.commands = commands;
        this.catalog = catalog;
        this.changes = changes;
        this.images = images;
        this.told = told;
        this.publish = publish;
        this.closed = closed;
    }

    /** Takes the services that the host program configured, to be deployed when the lease is won. */
    void configured(Collection<ServiceSpec> services) {
        toDeploy.addAll(services);
    }

    /** {@return whether no service is being deployed or removed, and none waits for that} */
    boolean isIdle() {
        return turns.isEmpty();
    }

    /** Tells the clouds which images are in use now. */
    void clusterSeen(ClusterView view) {
        tellImages(view.services().stream().map(ServiceState::image).collect(Collectors.toSet()), () -> {});
    }

    /**
     * Deploys the services that the host program configured, once it holds the lease: one that takes over from a program of an
     * older version brings its own specifications.
     */
    void deployConfigured() {
        if (!mode.isDryRun() && coordinator.mayActNow()) {
            List<ServiceSpec> due = List.copyOf(toDeploy);
            toDeploy.clear();
            due.forEach(spec ->
                    Commands.onFailure(deploy(spec), error -> loop.execute(() -> notDeployed(spec, error))));
        }
    }

    /** Tells it once, and tries again as long as it may only be a matter of time. */
    private void notDeployed(ServiceSpec spec, Throwable error) {
        ErrorKind kind = error instanceof MicadoException known ? known.kind() : ErrorKind.INTERNAL;
        String message = "service " + spec.name() + " was not deployed: " + error.getMessage();
        if (told.isNew(message)) {
            publish.accept(new MicadoEvent.EffectFailed(time.wallClock(), "service " + spec.name(), kind, message));
        }
        if (ToldProblems.mayPass(kind) && !closed.getAsBoolean() && !mode.isDestroying()) {
            toDeploy.add(spec);
            time.schedule(DEPLOY_AGAIN, () -> loop.execute(this::deployConfigured));
        }
    }

    /** What is being deployed counts as running: its images have to be there before its tasks are. */
    private void tellImages(Set<String> running, Runnable then) {
        Set<String> all = new HashSet<>(running);
        deploying.values().forEach(spec -> all.add(spec.image()));
        images.tell(all, then);
    }

    /** Deploys a service, or changes one that is there, after the clouds could bring its image to the workers. */
    CompletableFuture<Void> deploy(ServiceSpec spec) {
        return turns.add(
                spec.name(),
                () -> commands.run("deploying service " + spec.name(), done -> {
                    ServiceCatalog.Deployment deployment = catalog.deploying(spec);
                    deploying.put(spec.name(), spec);
                    tellImages(
                            images.known(),
                            () -> changes.make(new ClusterChange.Deploy(spec, deployment.labels()), error -> {
                                deployment
                                        .end()
                                        .accept(error == null || error.kind().mayHaveBeenApplied());
                                deploying.remove(spec.name());
                                done.accept(error);
                                commands.retry();
                            }));
                }));
    }

    /** Removes a service. */
    CompletableFuture<Void> remove(String service) {
        return turns.add(
                service,
                () -> commands.run(
                        "removing service " + service,
                        done -> changes.make(new ClusterChange.Remove(service), error -> {
                            if (error == null) {
                                catalog.removed(service);
                            }
                            done.accept(error);
                            commands.retry();
                        })));
    }
}
