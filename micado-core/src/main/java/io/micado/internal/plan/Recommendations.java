package io.micado.internal.plan;

import io.micado.api.scaling.Behavior;
import io.micado.api.scaling.Recommendation;
import io.micado.api.scaling.TargetId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What both planners do with what policies say. Called on the loop thread. Not instantiable. */
final class Recommendations {
    private Recommendations() {}

    /** {@return what the policy of a target says; nothing when it was not evaluated} */
    static Recommendation of(Map<TargetId, Recommendation> recommendations, TargetId target) {
        Recommendation said = recommendations.get(target);
        return said == null ? Recommendation.unknown("its policy has not been evaluated yet") : said;
    }

    /**
     * {@return what is remembered after this was said}
     *
     * <p>A policy that cannot say anything leaves the history as it is, so that a short gap changes nothing. After a gap as long
     * as the window, what was said before it proves nothing any more, and the window begins anew.
     *
     * @param counted what counts of it; unused when nothing was said
     */
    static TargetMemory remember(
            TargetMemory memory, Recommendation said, int counted, Behavior behavior, Instant now) {
        if (said instanceof Recommendation.Unknown) {
            return memory.withHistory(
                    memory.recommendations(), memory.unknownSince().or(() -> Optional.of(now)));
        }
        History history = new History(memory.recommendations()).plus(counted, now, behavior);
        return memory.withHistory(history.stamps(), Optional.empty());
    }

    /** {@return the memory without the recommendations from before an outage as long as the window} */
    static TargetMemory afterOutage(TargetMemory memory, Recommendation said, Behavior behavior, Instant now) {
        Duration outage =
                memory.unknownSince().map(since -> Duration.between(since, now)).orElse(Duration.ZERO);
        boolean over = said instanceof Recommendation.Capacity
                && memory.unknownSince().isPresent()
                && outage.compareTo(behavior.in().stabilization()) >= 0;
        return over ? memory.withHistory(List.of(), Optional.empty()) : memory;
    }
}
