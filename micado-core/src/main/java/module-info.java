/**
 * The engine of MiCADO for Java: control loop, planner, built-in policies and simulation.
 */
module io.micado.core {
    requires transitive io.micado.api;
    requires static transitive org.jspecify;
    requires org.slf4j;
    requires org.snakeyaml.engine;
    requires jdk.httpserver;
    requires com.fasterxml.jackson.jr.ob;
    requires io.github.resilience4j.circuitbreaker;
    requires io.github.resilience4j.core;
    requires static transitive micrometer.core;

    exports io.micado;
    exports io.micado.bootstrap;
    exports io.micado.config;
    exports io.micado.http;
    exports io.micado.micrometer;
    exports io.micado.policy;
    exports io.micado.simulation;
    exports io.micado.simulation.contract;
    exports io.micado.simulation.fluid;

    uses io.micado.api.config.ConfigurationFormat;
    uses io.micado.api.scaling.ScalingPolicy;
    uses io.micado.api.spi.CloudProvider;
    uses io.micado.api.spi.ContainerOrchestrator;
    uses io.micado.api.spi.MetricSource;

    // On the class path the same is said by META-INF/services.
    provides io.micado.api.config.ConfigurationFormat with
            io.micado.config.MicadoFormat;
    provides io.micado.api.scaling.ScalingPolicy with
            io.micado.policy.AlertsPolicy,
            io.micado.policy.BacklogPolicy,
            io.micado.policy.SchedulePolicy,
            io.micado.policy.StepScalingPolicy,
            io.micado.policy.PredictivePolicy,
            io.micado.policy.TargetTrackingPolicy,
            io.micado.policy.ThresholdPolicy;
    provides io.micado.api.spi.CloudProvider with
            io.micado.simulation.SimulatedCloudProvider;
    provides io.micado.api.spi.ContainerOrchestrator with
            io.micado.simulation.SimulatedOrchestrator;
    provides io.micado.api.spi.MetricSource with
            io.micado.simulation.SimulatedMetricSource;
}
