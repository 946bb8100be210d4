package io.micado.simulation.contract;

import io.micado.api.spi.JoinInfo;
import io.micado.api.spi.Secret;
import io.micado.api.time.Timekeeper;
import io.micado.api.worker.Offering;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * On what {@link CloudContract} is checked, and how much it may cost. Immutable; made by {@link #builder}.
 *
 * @param timekeeper the clock to wait on
 * @param offering what is launched; the cheaper the better
 * @param badOffering what this cloud cannot launch
 * @param join how machines join; nobody looks whether they do
 * @param userData the user data of machines
 * @param maxMachines how many machines may be launched in all
 * @param deadline how long a machine may take to show up, and to go away
 * @param poll how often to look meanwhile
 */
public record CloudContractOptions(
        Timekeeper timekeeper,
        Offering offering,
        Offering badOffering,
        JoinInfo join,
        Optional<Secret> userData,
        int maxMachines,
        Duration deadline,
        Duration poll) {

    /** Checks that nothing is null. */
    public CloudContractOptions {
        Objects.requireNonNull(timekeeper, "timekeeper");
        Objects.requireNonNull(offering, "offering");
        Objects.requireNonNull(badOffering, "badOffering");
        Objects.requireNonNull(join, "join");
        Objects.requireNonNull(userData, "userData");
        Objects.requireNonNull(deadline, "deadline");
        Objects.requireNonNull(poll, "poll");
    }

    /** Starts options of this clock and this offering. */
    public static Builder builder(Timekeeper timekeeper, Offering offering) {
        return new Builder(timekeeper, offering);
    }

    /** Collects {@link CloudContractOptions}. Not thread-safe. */
    public static final class Builder {
        private final Timekeeper timekeeper;
        private final Offering offering;
        private @Nullable Offering badOffering;
        private JoinInfo join = JoinInfo.of(List.of("127.0.0.1:2377"), Secret.of("contract"));
        private @Nullable Secret userData;
        private int maxMachines = 4;
        private Duration deadline = Duration.ofMinutes(10);
        private Duration poll = Duration.ofSeconds(2);

        private Builder(Timekeeper timekeeper, Offering offering) {
            this.timekeeper = timekeeper;
            this.offering = offering;
        }

        /** Sets what this cloud cannot launch; default an instance type that does not exist, else as the offering. */
        public Builder badOffering(Offering value) {
            badOffering = value;
            return this;
        }

        /** Sets how machines join; default a made-up manager. */
        public Builder join(JoinInfo value) {
            join = value;
            return this;
        }

        /** Sets the user data of machines; default none. */
        public Builder userData(Secret value) {
            userData = value;
            return this;
        }

        /** Sets how many machines may be launched in all; default 4, which is enough for every check. */
        public Builder maxMachines(int value) {
            maxMachines = value;
            return this;
        }

        /** Sets how long a machine may take to show up, and to go away; default 10 min. */
        public Builder deadline(Duration value) {
            deadline = value;
            return this;
        }

        /** Sets how often to look meanwhile; default 2 s. */
        public Builder poll(Duration value) {
            poll = value;
            return this;
        }

        /** {@return the options} */
        public CloudContractOptions build() {
            Offering bad = badOffering;
            if (bad == null) {
                bad = Offering.builder(offering.cloud(), "no-such-instance-type")
                        .settings(offering.settings())
                        .build();
            }
            return new CloudContractOptions(
                    timekeeper, offering, bad, join, Optional.ofNullable(userData), maxMachines, deadline, poll);
        }
    }
}
