package io.micado.provider.jclouds;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.spi.TerminateResult;
import io.micado.api.worker.MachineId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Terminates machines on EC2, many by one request. Called by {@link Ec2Cloud} on the threads of {@link Calls}. Thread-safe.
 *
 * <p>EC2 refuses the whole request when it does not know one of the ids, and names those that it does not know; then the rest is asked for again.
 */
final class Ec2Terminator {
    private static final int MOST_AT_ONCE = 500;
    private static final Pattern ID = Pattern.compile("\\bi-[0-9a-zA-Z]+\\b");

    private final Ec2Session session;

    Ec2Terminator(Ec2Session session) {
        this.session = session;
    }

    /** {@return one result for each, in their order} */
    List<TerminateResult> terminate(List<MachineId> machines) {
        List<TerminateResult> results = new ArrayList<>();
        for (int i = 0; i < machines.size(); i += MOST_AT_ONCE) {
            results.addAll(terminateTogether(machines.subList(i, Math.min(machines.size(), i + MOST_AT_ONCE))));
        }
        return results;
    }

    private List<TerminateResult> terminateTogether(List<MachineId> machines) {
        Set<String> left =
                new LinkedHashSet<>(machines.stream().map(MachineId::value).toList());
        while (!left.isEmpty()) {
            try {
                terminate(left);
                break;
            } catch (MicadoException e) {
                if (e.kind() != ErrorKind.NOT_FOUND || !left.removeAll(named(e))) {
                    return machines.size() == 1
                            ? List.of(TerminateResult.failed(machines.get(0), e))
                            : oneByOne(machines, e);
                }
            }
        }
        return machines.stream().map(TerminateResult::accepted).toList();
    }

    /** One that EC2 has a reason to keep, such as a protected one, is not to keep the others alive. */
    private List<TerminateResult> oneByOne(List<MachineId> machines, MicadoException failure) {
        if (failure.kind() != ErrorKind.CONFIGURATION && failure.kind() != ErrorKind.CONFLICT) {
            return machines.stream()
                    .map(machine -> TerminateResult.failed(machine, failure))
                    .toList();
        }
        List<TerminateResult> results = new ArrayList<>();
        machines.forEach(machine -> results.addAll(terminateTogether(List.of(machine))));
        return results;
    }

    private void terminate(Set<String> ids) {
        // The ids are not part of what is said: those in the message of a failure are the ones that EC2 does not know.
        session.typed(
                "terminating " + ids.size() + " machines",
                api -> api.getInstanceApiForRegion(session.region())
                        .get()
                        .terminateInstancesInRegion(session.region(), ids.toArray(String[]::new)));
    }

    private static Set<String> named(MicadoException notFound) {
        Set<String> ids = new LinkedHashSet<>();
        Matcher id = ID.matcher(String.valueOf(notFound.getMessage()));
        while (id.find()) {
            ids.add(id.group());
        }
        return ids;
    }
}
