package io.micado.simulation;

import java.util.Objects;

/**
 * One attempt of a program to change the simulated world. Immutable.
 *
 * @param number the how-manieth it is among all effects that were counted together, from 1
 * @param name what it does: {@code cloud.launch}, {@code cloud.terminate}, {@code cloud.remove}, {@code cluster.scale}
 *     (and so on, after the types of {@link io.micado.api.spi.ClusterChange}), {@code coordination.create},
 *     {@code coordination.update}, {@code coordination.delete}, {@code state.save} or {@code state.delete}
 * @param subject what it is done to, for people
 */
public record Effect(long number, String name, String subject) {

    /** Checks that nothing is null. */
    public Effect {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(subject, "subject");
    }
}
