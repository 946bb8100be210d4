package io.micado.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.service.PublishedPort;
import io.micado.api.service.ServiceState;
import io.micado.api.worker.PortPlan;
import io.micado.api.worker.PortRule;
import io.micado.api.worker.PortRule.Protocol;
import io.micado.api.worker.PortRule.Source;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The ports of workers and of a master. */
class PortPlansTest {
    private static final ServiceState WEB = ServiceState.builder("web", "1")
            .ports(List.of(
                    PublishedPort.tcp(443, 8443),
                    new PublishedPort(53, 53, PublishedPort.Protocol.UDP, PublishedPort.Mode.HOST),
                    new PublishedPort(0, 90, PublishedPort.Protocol.TCP, PublishedPort.Mode.INGRESS),
                    new PublishedPort(91, 91, PublishedPort.Protocol.SCTP, PublishedPort.Mode.INGRESS)))
            .build();

    private static List<String> open(List<PortRule> rules, Source source) {
        return rules.stream()
                .filter(rule -> rule.source() == source)
                .map(rule -> rule.protocol() + " " + rule.from())
                .toList();
    }

    @Test
    void toTheWorldOnlyWhatServicesPublishIsOpenAndSshIfAsked() {
        for (List<PortRule> none : List.of(PortPlans.worker(List.of(), false), PortPlans.master(List.of(), false))) {
            assertThat(open(none, Source.WORLD)).isEmpty();
        }
        assertThat(open(PortPlans.worker(List.of(WEB), false), Source.WORLD)).containsExactly("UDP 53", "TCP 443");
        assertThat(open(PortPlans.master(List.of(WEB), true), Source.WORLD))
                .containsExactly("UDP 53", "TCP 443", "TCP 22");
    }

    @Test
    void theGuidesListIsCorrected() {
        List<PortRule> master = PortPlans.MASTER;
        assertThat(open(master, Source.GROUP))
                .contains("TCP 53", "UDP 53", "UDP 4789", "TCP 2377", "TCP 7946", "UDP 7946");
        assertThat(open(master, Source.MANAGER)).contains("TCP 5000", "TCP 9090", "TCP 9100", "TCP 9200");
        assertThat(open(PortPlans.WORKER, Source.MANAGER)).containsExactly("TCP 9100", "TCP 9200");
        assertThat(Stream.concat(master.stream(), PortPlans.WORKER.stream()))
                .noneMatch(rule -> rule.from() == 55 || rule.from() == 2375 || rule.from() == 2376);
    }

    @Test
    void aPortThatTwoServicesPublishIsOneRuleWhateverTheirOrder() {
        ServiceState other = ServiceState.builder("app", "2")
                .ports(List.of(PublishedPort.tcp(443, 1)))
                .build();
        assertThat(PortPlans.worker(List.of(WEB, other), false))
                .isEqualTo(PortPlans.worker(List.of(other, WEB), false))
                .contains(new PortRule(Protocol.TCP, 443, 443, Source.WORLD, "published by service app"));
    }

    @Test
    void managersAreAddressesThatOthersCanReach() {
        PortPlan plan = PortPlans.plan(
                PortPlans.WORKER,
                List.of(
                        "10.0.0.1:2377",
                        "10.0.0.1",
                        "[fd00::1]:2377",
                        "127.0.0.1",
                        "::1",
                        "0.0.0.0",
                        "host:2377",
                        "?"));
        assertThat(plan.managers()).containsExactlyInAnyOrder("10.0.0.1", "fd00::1");
    }

    @Test
    void everyRuleIsALineForPeople() {
        assertThat(PortPlans.rows(PortPlans.worker(List.of(WEB), true)))
                .contains(
                        "UDP 4789        the infrastructure Docker Swarm: overlay networks",
                        "TCP 9100        the managers       node exporter",
                        "TCP 22          everybody          SSH");
    }
}
