package io.micado.provider.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micado.api.error.ConfigurationException;
import io.micado.api.spi.Cloud;
import io.micado.api.spi.CloudProvider;
import io.micado.api.spi.SettingKey;
import io.micado.api.spi.Settings;
import io.micado.internal.loop.SystemTimekeeper;
import io.micado.internal.plugin.SettingsCheck;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProvidersTest {

    @ParameterizedTest
    @EnumSource(TestCloud.class)
    void isFoundByItsType(TestCloud test) {
        assertThat(ServiceLoader.load(CloudProvider.class))
                .filteredOn(provider -> provider.type().equals(test.name().toLowerCase(java.util.Locale.ROOT)))
                .singleElement()
                .hasSameClassAs(test.provider);
    }

    @ParameterizedTest
    @EnumSource(TestCloud.class)
    void takesTheSettingsThatTheTestsUse(TestCloud test) {
        Settings account = test.account().with("endpoint", "https://cloud.example.org");

        assertThat(SettingsCheck.check("cloud", test.provider.settings(), account))
                .isEmpty();
        assertThat(SettingsCheck.check(
                        "offering",
                        test.provider.machineSettings(),
                        test.offering().settings()))
                .isEmpty();
        assertThat(test.provider.settings()).extracting(SettingKey::name).doesNotHaveDuplicates();
        assertThat(test.provider.machineSettings()).extracting(SettingKey::name).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @EnumSource(TestCloud.class)
    void opensAndClosesWithoutANetwork(TestCloud test) {
        Cloud cloud = test.open("https://cloud.invalid", java.time.Duration.ofSeconds(5));

        assertThat(cloud.toString()).startsWith("cloud c (");
        cloud.close();
        cloud.close();
    }

    @ParameterizedTest
    @EnumSource(TestCloud.class)
    void neverSendsCredentialsOverPlainHttp(TestCloud test) {
        assertThatThrownBy(() -> open(test, test.account().with("endpoint", "http://cloud.example.org")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("endpoint")
                .hasMessageContaining("allowPlainHttp");
    }

    @Test
    void occiWantsAProxyOrAToken() {
        Settings settings = Settings.of("endpoint", "https://cloud.example.org");

        assertThatThrownBy(() -> open(TestCloud.OCCI, settings))
                .hasMessage("proxy: is required, unless \"token\" is given");
        open(TestCloud.OCCI, settings.with("proxy", "/home/me/x509up_u1000")).close();
    }

    private static Cloud open(TestCloud test, Settings settings) {
        return test.open(settings, new SystemTimekeeper());
    }
}
