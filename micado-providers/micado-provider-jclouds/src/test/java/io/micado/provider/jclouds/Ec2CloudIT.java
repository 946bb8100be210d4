package io.micado.provider.jclouds;

import static io.micado.provider.jclouds.Requests.launched;
import static io.micado.provider.jclouds.Requests.requests;
import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.error.ErrorKind;
import io.micado.api.service.Resources;
import io.micado.api.spi.CloudProvider;
import io.micado.api.spi.Secret;
import io.micado.api.spi.Settings;
import io.micado.api.worker.Machine;
import io.micado.api.worker.Offering;
import io.micado.api.worker.Tags;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** The cloud "ec2" against an emulator that speaks the real wire format. */
@Timeout(120)
class Ec2CloudIT extends RealCloud {
    private Settings account = Settings.EMPTY;
    private Offering offering = Offering.builder("aws", "t3.micro").build();
    private Ec2Session session;

    @Override
    void ready() {
        account = Settings.of(Map.of(
                "endpoint", Beds.require("MICADO_EC2_ENDPOINT", ".ci/moto"),
                "regionname", "us-east-1",
                "accesskey", Secret.of("AKIATEST"),
                "secretkey", Secret.of("secret"),
                "client_tokens", false));
        session = new Ec2Session(
                Ec2Settings.from(account),
                time,
                LoggerFactory.getLogger("test"),
                new CloudErrors("aws", new Ec2Errors(), time));
        String image = session.ask("images", "DescribeImages", new Ec2Form().parameters())
                .items("imagesSet")
                .get(0)
                .requiredText("imageId");
        offering = offering.withSettings(Settings.of(Map.of("image_id", image)));
    }

    @AfterEach
    void close() {
        if (session != null) {
            session.close();
        }
    }

    @Override
    CloudProvider provider() {
        return new Ec2Provider();
    }

    @Override
    Settings account() {
        return account;
    }

    @Override
    Offering offering() {
        return offering;
    }

    @Override
    Offering badOffering() {
        return offering.withSettings(Settings.of("image_id", "ami-00000000000000000"));
    }

    @Test
    void a_machine_has_its_tags_and_user_data_from_the_start() {
        Offering tagged = Offering.builder("aws", "t3.micro")
                .zone("us-east-1b")
                .settings(offering.settings()
                        .with("tags", Map.of("cost-centre", "a&b=c d"))
                        .with("name", "worker"))
                .build();
        Machine machine =
                launched(cloud().launch(requests(infrastructure, 1, tagged)).get(0));
        assertThat(machine.tags()).containsEntry("cost-centre", "a&b=c d").containsEntry("Name", "worker-w1");
        Machine listed = cloud().list(infrastructure).machines().get(0);
        assertThat(listed.tags())
                .containsEntry("cost-centre", "a&b=c d")
                .containsEntry(Tags.POOL, "web")
                .containsEntry(Tags.WORKER, "w1");
        assertThat(listed.attributes()).containsEntry("zone", "us-east-1b");
        assertThat(listed.addresses()).isNotEmpty();
        assertThat(listed.launchedAt()).isPresent();
        Xml attribute = session.ask(
                "user data",
                "DescribeInstanceAttribute",
                new Ec2Form()
                        .set("InstanceId", machine.id().value())
                        .set("Attribute", "userData")
                        .parameters());
        String userData = attribute.requiredText("userData", "value");
        assertThat(new String(Base64.getDecoder().decode(userData), StandardCharsets.UTF_8))
                .isEqualTo(Requests.USER_DATA);
    }

    @Test
    void the_cloud_tells_the_size_of_its_instance_types() {
        assertThat(cloud().describe(offering).capacity()).contains(Resources.of(2, 1L << 30));
        assertThat(cloud().offerings())
                .filteredOn(o -> o.instanceType().equals("m5.large"))
                .singleElement()
                .matches(o -> o.capacity().equals(Optional.of(Resources.of(2, 8L << 30))));
    }

    @Test
    void what_the_emulator_refuses_is_told_by_kind() {
        Offering noType =
                Offering.builder("aws", "no.such").settings(offering.settings()).build();
        Offering noKey = Offering.builder("aws", "t3.micro")
                .settings(offering.settings().with("key_name", "nobody"))
                .build();
        Offering noSubnet = Offering.builder("aws", "t3.micro")
                .settings(offering.settings().with("subnet_id", "subnet-1"))
                .build();
        List<ErrorKind> kinds = List.of(noType, noKey, noSubnet).stream()
                .map(bad -> Requests.failure(cloud(), Requests.request(infrastructure, "w1", bad))
                        .kind())
                .toList();
        assertThat(kinds).containsOnly(ErrorKind.NOT_FOUND);
        assertThat(cloud().list(infrastructure).machines()).isEmpty();
    }

    @Override
    Set<String> rules(String group) {
        return Ec2PortRule.of(session.ask(
                                "groups",
                                "DescribeSecurityGroups",
                                new Ec2Form().list("GroupId", List.of(group)).parameters())
                        .items("securityGroupInfo")
                        .get(0))
                .stream()
                .map(Ec2PortRule::toString)
                .collect(Collectors.toSet());
    }

    @Override
    String rule(int from, int to, String source) {
        return new Ec2PortRule("tcp", from, to, source).toString();
    }
}
