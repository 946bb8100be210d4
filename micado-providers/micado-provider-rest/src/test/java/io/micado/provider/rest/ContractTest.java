package io.micado.provider.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.spi.Secret;
import io.micado.internal.loop.SystemTimekeeper;
import io.micado.simulation.QuickTime;
import io.micado.simulation.contract.CloudContract;
import io.micado.simulation.contract.CloudContractOptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ContractTest {

    @ParameterizedTest
    @EnumSource(TestCloud.class)
    void everyCloudKeepsTheContract(TestCloud cloud) {
        try (FakeServer server = cloud.start()) {
            CloudContract.verify(
                            () -> cloud.open(server),
                            CloudContractOptions.builder(new QuickTime(new SystemTimekeeper()), cloud.offering())
                                    .badOffering(cloud.badOffering())
                                    .userData(Secret.of(TestCloud.USER_DATA))
                                    .build())
                    .orThrow();

            assertThat(server.machines()).isZero();
            assertThat(server.otherThings()).isZero();
        }
    }
}
