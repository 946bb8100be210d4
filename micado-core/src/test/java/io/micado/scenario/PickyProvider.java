package io.micado.scenario;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.spi.Cloud;
import io.micado.api.spi.CloudProvider;
import io.micado.api.spi.LaunchRequest;
import io.micado.api.spi.LaunchResult;
import io.micado.api.spi.Leftover;
import io.micado.api.spi.MachineList;
import io.micado.api.spi.PluginContext;
import io.micado.api.spi.SettingKey;
import io.micado.api.spi.Settings;
import io.micado.api.spi.TerminateResult;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.MachineId;
import io.micado.simulation.Pauses;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** The cloud provider {@code picky}, which wants to be told much; found by {@link BuilderTest} and its like through a class loader of theirs. */
public final class PickyProvider implements CloudProvider {
    @Override
    public String type() {
        return "picky";
    }

    @Override
    public List<SettingKey> settings() {
        return List.of(
                SettingKey.required("region", SettingKey.Type.STRING, "eu-1", "Where machines run."),
                SettingKey.required("password", SettingKey.Type.SECRET, "", "The account's password."),
                SettingKey.optional("retries", SettingKey.Type.INTEGER, "3", "How often a call is repeated."),
                SettingKey.optional("refuse", SettingKey.Type.BOOLEAN, "false", "Whether it cannot be opened."));
    }

    @Override
    public List<SettingKey> machineSettings() {
        return List.of(SettingKey.required("image", SettingKey.Type.STRING, "ubuntu", "What machines boot."));
    }

    @Override
    public Cloud open(Settings settings, PluginContext context) {
        if (settings.bool("refuse", false)) {
            throw new MicadoException(
                    ErrorKind.CONFIGURATION, "region \"" + settings.string("region", "") + "\" is closed");
        }
        return new Cloud() {
            @Override
            public List<LaunchResult> launch(List<LaunchRequest> requests) {
                throw new MicadoException(ErrorKind.UNSUPPORTED, "it only ever refuses");
            }

            @Override
            public MachineList list(InfrastructureId infrastructure) {
                Pauses.pause(context.timekeeper(), Duration.ofHours(1));
                return new MachineList(List.of(), List.of(), true);
            }

            @Override
            public List<TerminateResult> terminate(Set<MachineId> machines) {
                return List.of();
            }

            @Override
            public void remove(Set<Leftover> leftovers) {}

            @Override
            public void close() {
                Pauses.pause(context.timekeeper(), Duration.ofHours(1));
            }
        };
    }
}
