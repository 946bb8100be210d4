package io.micado.provider.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micado.api.error.ConfigurationException;
import io.micado.api.spi.Cloud;
import io.micado.api.spi.CloudProvider;
import io.micado.api.spi.PluginContext;
import io.micado.api.spi.SettingKey;
import io.micado.api.spi.Settings;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LocalProviderTest {
    private static final Consumer<String> NOBODY = message -> {};

    private final RealTime time = new RealTime();

    @AfterEach
    void stopThreads() {
        time.close();
    }

    @Test
    void isFoundByItsType() {
        assertThat(ServiceLoader.load(CloudProvider.class))
                .filteredOn(provider -> provider.type().equals("local"))
                .singleElement()
                .isInstanceOf(LocalProvider.class);
    }

    @Test
    void describesItsSettings() {
        LocalProvider provider = new LocalProvider();

        assertThat(provider.settings())
                .extracting(SettingKey::name)
                .contains(
                        "host",
                        "tls.certPath",
                        "image",
                        "privileged",
                        "network",
                        "stateDirectory",
                        "engineArguments",
                        "registryMirrors",
                        "insecureRegistries")
                .doesNotHaveDuplicates();
        assertThat(provider.machineSettings()).extracting(SettingKey::name).containsExactly("cpus", "memory", "image");
    }

    @Test
    void opensAndClosesWithoutAnEngine() {
        Cloud cloud = open(Settings.of("host", "unix:///nowhere/docker.sock"));

        assertThat(cloud).hasToString("cloud local at Docker at unix:///nowhere/docker.sock");
        cloud.close();
        cloud.close();
    }

    @Test
    void refusesAnEngineOnAnotherMachine() {
        assertThatThrownBy(() -> open(Settings.of("host", "tcp://10.0.0.1:2375").with("allowPlainTcp", true)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("host: \"tcp://10.0.0.1:2375\" is an engine on another machine")
                .hasMessageContaining("run the program on that machine");
    }

    @Test
    void refusesNetworksInWhichWorkersHaveNoAddress() {
        assertThatThrownBy(() -> open(local().with("network", "host")))
                .hasMessageContaining("must be a network in which each worker has an address of its own");
    }

    @Test
    void saysWhatPrivilegedMayBe() {
        assertThatThrownBy(() -> open(local().with("privileged", "maybe")))
                .hasMessage("privileged: must be auto, true or false, got \"maybe\"");
    }

    @Test
    void refusesADirectoryThatCannotBePartOfAnAddress() {
        assertThatThrownBy(() -> open(local().with("stateDirectory", "/tmp/my dir")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("got \"/tmp/my dir\"");
    }

    @Test
    void keepsItsSocketsInAPrivatePlaceByDefault() {
        LocalSettings settings = LocalSettings.from(local());

        assertThat(settings.ownStateDirectory()).isTrue();
        assertThat(settings.stateDirectory().getFileName().toString()).startsWith("micado-");
    }

    private Cloud open(Settings settings) {
        return new LocalProvider().open(settings, new PluginContext("shop", "local", time, "test", NOBODY));
    }

    private static Settings local() {
        return Settings.of("host", "unix:///var/run/docker.sock");
    }
}
