package io.micado.examples.spring;

import io.micado.Micado;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceSpec;
import io.micado.api.spi.Settings;
import io.micado.micrometer.MicadoMeters;
import io.micado.policy.TargetTracking;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The autoscaler as beans: Spring starts and closes it, binds its meters and shows its health. Called by Spring. */
@Configuration(proxyBeanMethods = false)
class AutoscalerConfiguration {

    /** With {@code orchestrator("swarm")} and a real cloud it scales a real Swarm; nothing else here changes. */
    @Bean(initMethod = "start", destroyMethod = "close")
    Micado micado(WaitingOrders orders) {
        Micado micado = Micado.builder()
                .name("orders")
                .orchestrator("simulated")
                .cloud("cloud", "simulated", Settings.of("bootTime", "5s"))
                .pool("workers", pool -> pool.between(1, 5).offering("cloud", "small", Settings.EMPTY))
                .service(ServiceSpec.builder("packers")
                        .image("shop/packers:1")
                        .limit(Resources.ofMebibytes(0.25, 128))
                        .replicas(1, 12)
                        .policy(TargetTracking.of("orders.waiting").perReplica(50))
                        .build())
                .passInterval(Duration.ofSeconds(1))
                .stateDirectory(Path.of(System.getProperty("java.io.tmpdir"), "micado-orders"))
                .build();
        micado.gauge("orders.waiting", orders::count);
        return micado;
    }

    /** Spring Boot binds every {@code MeterBinder} to its registries. */
    @Bean(destroyMethod = "close")
    MicadoMeters micadoMeters(Micado micado) {
        return MicadoMeters.of(micado);
    }

    /** The name without its ending is the component's name in {@code /actuator/health}. */
    @Bean
    AutoscalerHealth autoscalerHealthIndicator(Micado micado) {
        return new AutoscalerHealth(micado, Clock.systemUTC());
    }
}
