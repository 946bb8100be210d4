package io.micado.internal.state;

import io.micado.api.scaling.PolicySpec;
import io.micado.api.service.ServiceState;
import io.micado.api.worker.Tags;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the policies with which services were deployed, since labels cannot tell all of a policy, and whose a service is: one
 * that carries other labels than its deployment wrote was made or changed by somebody else, and its labels count. Used by
 * {@link ServiceCatalog}; confined to the loop thread.
 */
final class GivenPolicies {
    /** By service, the oldest first: a view from before a deployment shows what the one before it wrote. */
    private final Map<String, List<Given>> byService = new HashMap<>();

    /** What a deployment said; the labels are those that tell whose the service is, and its policy. */
    private static final class Given {
        private final Map<String, String> labels;
        private final @Nullable PolicySpec policy;
        private boolean done;
        private boolean seen;

        private Given(Map<String, String> labels, @Nullable PolicySpec policy) {
            this.labels = labels;
            this.policy = policy;
        }
    }

    /** Takes notice that a service is about to be deployed; {@return takes whether that may be done now} */
    Consumer<Boolean> deploying(String service, Map<String, String> labels, Optional<PolicySpec> policy) {
        Given given = new Given(telling(labels), policy.orElse(null));
        byService.computeIfAbsent(service, none -> new ArrayList<>()).add(given);
        return mayBeDone -> {
            given.done = mayBeDone;
            if (!mayBeDone) {
                keep(service, other -> other != given);
            }
        };
    }

    /** Takes notice that a service was removed; until that is seen, it goes on as it was. */
    void removed(String service) {
        keep(service, given -> given.seen);
    }

    /** {@return the policy with which a service was deployed that still carries the labels of that; empty when it was with none} */
    Optional<PolicySpec> of(ServiceState service) {
        List<Given> known = byService.getOrDefault(service.name(), List.of());
        Map<String, String> labels = telling(service.labels());
        for (int i = known.size() - 1; i >= 0; i--) {
            Given given = known.get(i);
            if (given.labels.equals(labels)) {
                given.seen = true;
                if (given.done) {
                    known.subList(0, i).clear();
                }
                return Optional.ofNullable(given.policy);
            }
        }
        return Optional.empty();
    }

    /** Forgets services that were seen and are not there any more. */
    void keepOnly(Set<String> present) {
        for (String service : List.copyOf(byService.keySet())) {
            if (!present.contains(service)) {
                keep(service, given -> !given.seen);
            }
        }
    }

    private void keep(String service, Predicate<Given> which) {
        byService.computeIfPresent(service, (name, known) -> {
            known.removeIf(which.negate());
            return known.isEmpty() ? null : known;
        });
    }

    private static Map<String, String> telling(Map<String, String> labels) {
        Map<String, String> telling = new TreeMap<>();
        labels.forEach((key, value) -> {
            if (key.equals(Tags.SERVICE_MANAGED)
                    || key.equals(Tags.SERVICE_POLICY)
                    || key.startsWith(ServiceCatalog.POLICY_SETTING)) {
                telling.put(key, value);
            }
        });
        return telling;
    }
}
