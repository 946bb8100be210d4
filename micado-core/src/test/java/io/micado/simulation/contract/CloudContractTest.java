package io.micado.simulation.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.spi.Cloud;
import io.micado.api.spi.CloudTraits;
import io.micado.api.spi.LaunchRequest;
import io.micado.api.spi.LaunchResult;
import io.micado.api.spi.Leftover;
import io.micado.api.spi.MachineList;
import io.micado.api.spi.TerminateResult;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.MachineId;
import io.micado.api.worker.Offering;
import io.micado.simulation.RandomDuration;
import io.micado.simulation.SimulatedCloud;
import io.micado.simulation.VirtualTime;
import io.micado.simulation.contract.Check.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CloudContractTest {
    private final VirtualTime time = VirtualTime.create();
    private final CloudContractOptions options = CloudContractOptions.builder(
                    time, Offering.builder("sim", "small").build())
            .build();

    private SimulatedCloud.Builder cloud() {
        return SimulatedCloud.builder("sim", time);
    }

    private Report verify(Cloud cloud) {
        return CloudContract.verify(() -> cloud, options);
    }

    private static List<String> failures(Report report) {
        return report.with(Outcome.FAILED).stream().map(Check::name).toList();
    }

    @Test
    void theSimulatedCloudKeepsIt() {
        Report report = verify(cloud().build()).orThrow();

        assertThat(report.with(Outcome.SKIPPED))
                .extracting(Check::name)
                .containsExactly(
                        "a second launch of the same worker returns the machine of the first",
                        "leftovers can be removed, and removed again");
    }

    @Test
    void aSlowCloudWithLagDrivesAndIdempotentLaunchesKeepsItToo() {
        SimulatedCloud slow = cloud().traits(CloudTraits.DEFAULT.withIdempotentLaunch(true))
                .listLag(RandomDuration.uniform(Duration.ZERO, Duration.ofSeconds(50)))
                .bootTime(RandomDuration.lognormal(Duration.ofMinutes(2), 0.5))
                .drives(true)
                .build();
        slow.calls().callTime(Duration.ofSeconds(3));
        slow.faults().terminateHalfWay(1);
        slow.launchForeign(new InfrastructureId("somebody"), "small");

        Report report = verify(slow);

        assertThat(failures(report)).containsExactly("terminating a machine that does not exist is a success");
        assertThat(report.with(Outcome.SKIPPED)).isEmpty();
        assertThat(slow.look()).hasSize(1);
    }

    @Test
    void launchesNoMoreThanItMay() {
        SimulatedCloud cloud = cloud().build();
        CloudContractOptions two = CloudContractOptions.builder(time, options.offering())
                .maxMachines(2)
                .build();

        Report report = CloudContract.verify(() -> cloud, two).orThrow();

        assertThat(cloud.launches()).filteredOn(l -> l.machine().isPresent()).hasSize(2);
        assertThat(report.with(Outcome.SKIPPED))
                .extracting(Check::name)
                .contains("launches at the same time do not disturb each other");
    }

    @Test
    void cleansUpWhateverHappens() {
        SimulatedCloud cloud = cloud().build();
        cloud.faults().loseNextLaunchAnswers(4).failNextTerminate(ErrorKind.TRANSIENT, 3);

        Report report = verify(cloud);

        assertThat(report.passed()).isFalse();
        assertThat(cloud.look()).isEmpty();
        assertThatThrownBy(report::orThrow)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("FAILED one result for each request");
    }

    @Test
    void noticesResultsInTheWrongOrder() {
        Report report = verify(new Broken(cloud().build()) {
            @Override
            public List<LaunchResult> launch(List<LaunchRequest> requests) {
                List<LaunchResult> results = new ArrayList<>(super.launch(requests));
                Collections.reverse(results);
                return results;
            }
        });

        assertThat(failures(report)).contains("one result for each request, in their order, with a machine each");
    }

    @Test
    void noticesMachinesOfOthers() {
        Report report = verify(new Broken(cloud().build()) {
            private InfrastructureId first = new InfrastructureId("none");

            @Override
            public MachineList list(InfrastructureId infrastructure) {
                if (first.value().equals("none")) {
                    first = infrastructure;
                }
                return super.list(first);
            }
        });

        assertThat(failures(report)).containsExactly("machines are listed for their own infrastructure only");
    }

    @Test
    void noticesThatASecondTerminationFails() {
        Report report = verify(new Broken(cloud().build()) {
            private final Set<MachineId> known = Collections.synchronizedSet(new java.util.HashSet<>());

            @Override
            public List<TerminateResult> terminate(Set<MachineId> machines) {
                if (!known.addAll(machines)) {
                    throw new MicadoException(ErrorKind.NOT_FOUND, "gone");
                }
                return super.terminate(machines);
            }
        });

        assertThat(failures(report))
                .containsExactly(
                        "terminating a machine that does not exist is a success",
                        "terminating at the same time, and the same twice, is a success");
    }

    @Test
    void noticesAWrongKindOfErrorAndAMachineThatIsNeverListed() {
        Report report = verify(new Broken(cloud().build()) {
            @Override
            public List<LaunchResult> launch(List<LaunchRequest> requests) {
                return super.launch(requests).stream()
                        .map(r -> r instanceof LaunchResult.Failed f
                                ? new LaunchResult.Failed(f.worker(), new MicadoException(ErrorKind.INTERNAL, "?"))
                                : r)
                        .toList();
            }

            @Override
            public MachineList list(InfrastructureId infrastructure) {
                return MachineList.of(List.of());
            }
        });

        assertThat(failures(report))
                .contains(
                        "what was launched is listed in time, with its tags",
                        "an offering that does not exist fails alone, as the user's mistake, and makes no machine");
    }

    @Test
    void noticesThatAPromisedTokenIsIgnored() {
        SimulatedCloud real = cloud().build();
        Report report = verify(new Broken(real) {
            @Override
            public CloudTraits traits() {
                return super.traits().withIdempotentLaunch(true);
            }
        });

        assertThat(failures(report)).contains("a second launch of the same worker returns the machine of the first");
        assertThat(real.look()).isEmpty();
    }

    /** A cloud that breaks its promise where a test overrides it. */
    private static class Broken implements Cloud {
        private final Cloud real;

        Broken(Cloud real) {
            this.real = real;
        }

        @Override
        public List<LaunchResult> launch(List<LaunchRequest> requests) {
            return real.launch(requests);
        }

        @Override
        public MachineList list(InfrastructureId infrastructure) {
            return real.list(infrastructure);
        }

        @Override
        public List<TerminateResult> terminate(Set<MachineId> machines) {
            return real.terminate(machines);
        }

        @Override
        public void remove(Set<Leftover> leftovers) {
            real.remove(leftovers);
        }

        @Override
        public CloudTraits traits() {
            return real.traits();
        }

        @Override
        public void close() {
            real.close();
        }
    }
}
