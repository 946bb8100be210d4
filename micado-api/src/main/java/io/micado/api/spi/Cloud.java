package io.micado.api.spi;

import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.MachineId;
import io.micado.api.worker.Offering;
import io.micado.api.worker.PortPlan;
import java.util.List;
import java.util.Set;

/**
 * An account on a cloud: launches, lists and terminates machines. Methods block, and are called off the loop thread, several
 * at once; an implementation is thread-safe and ends early when its thread is interrupted.
 *
 * <p>Failures are {@link io.micado.api.error.MicadoException}s of the right {@link io.micado.api.error.ErrorKind}. Nothing is
 * sent twice: what may be done again after a failure is the engine's to decide. Verify an implementation with
 * {@code io.micado.simulation.contract.CloudContract}.
 */
public interface Cloud extends AutoCloseable {

    /**
     * Launches one machine for each request, as many of them at a time as the cloud allows. A machine is tagged so that
     * {@link #list} finds it as ours, in the same call that makes it where the cloud can, or else in a way that survives a
     * crash between the two. With {@link CloudTraits#idempotentLaunch()} a second call of the same worker returns the machine of the
     * first.
     *
     * @return one result for each request, in the order of the requests
     */
    List<LaunchResult> launch(List<LaunchRequest> requests);

    /**
     * Lists every machine of the infrastructure that exists, and everything else that it owns and pays for. A machine may show
     * up as late as {@link CloudTraits#listLag()} after its launch. Machines of nobody or of others are never in the answer.
     *
     * @throws io.micado.api.error.MicadoException when nothing can be said; half an answer is one with
     *     {@link MachineList#complete()} false
     */
    MachineList list(InfrastructureId infrastructure);

    /**
     * Deletes machines with all that was made for them. A machine that does not exist (any more) is a success: a second call
     * does nothing. Returns when the cloud has accepted, not when the machine is gone.
     *
     * @return one result for each id
     */
    List<TerminateResult> terminate(Set<MachineId> machines);

    /**
     * Gives machines what their launch could not give them, such as a floating IP or a mark, as far as the latest list has shown that they lack it.
     * The engine calls it after a list that is {@link MachineList#unfinished()}, and only in a program that may act: {@link #list} itself changes
     * nothing. A second call does nothing. Default: nothing to do.
     */
    default void finish(InfrastructureId infrastructure) {}

    /** Deletes leftovers that {@link #list} reported; one that does not exist (any more) is a success. Default: nothing to do. */
    default void remove(Set<Leftover> leftovers) {}

    /** {@return what can be bought here, with sizes and prices; empty when the cloud does not tell} */
    default List<Offering> offerings() {
        return List.of();
    }

    /** {@return the offering, completed with the capacity or price that the cloud tells; default unchanged} */
    default Offering describe(Offering offering) {
        return offering;
    }

    /**
     * Takes notice of the images that services run, so that a cloud without a registry can bring them to its machines. It may wait
     * until they are there: the deployment of a service begins when this returns, or after 10 s.
     */
    default void imagesInUse(Set<String> images) {}

    /**
     * Brings the firewall of the infrastructure's machines to a plan, where no group was configured and
     * {@link CloudTraits#opensPorts()}: makes the group that machines are launched into, or changes its rules. A group that the
     * user named is never touched. The engine calls it before the first launch and whenever the plan changes. Default: nothing
     * to do.
     */
    default void openPorts(InfrastructureId infrastructure, PortPlan plan) {}

    /** {@return what is particular about this cloud} */
    default CloudTraits traits() {
        return CloudTraits.DEFAULT;
    }

    /** Closes connections; machines stay. A second call does nothing. */
    @Override
    void close();
}
