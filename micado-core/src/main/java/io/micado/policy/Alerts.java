package io.micado.policy;

import io.micado.api.scaling.PolicySpec;
import io.micado.api.spi.Settings;

/**
 * Writes down the policy {@code alerts}, for a service or a pool; used by the host program. Not instantiable.
 *
 * <p>It takes one step out while an alert says that the target is overloaded, one step in while one says that it is underloaded, and the
 * next one only a repeat interval later, as MiCADO 0.3 did with its Alertmanager: 60 s for services, 300 s for pools. It reads the
 * metric {@value #METRIC} of the target, as an {@link io.micado.http.AlertReceiver} tells it: how many alerts of overload fire, or as a negative
 * number how many of underload. Bounds, windows, rates and cooldowns hold as for any policy; {@link
 * io.micado.api.scaling.Behavior#IMMEDIATE} adds no waits to those of the alerts themselves. While nothing is heard the target stays as it is.
 */
public final class Alerts {
    /** The policy's type, as in a configuration file. */
    public static final String TYPE = "alerts";
    /** The metric that tells of alerts: above 0 overloaded, below 0 underloaded, 0 neither; absent is unknown. */
    public static final String METRIC = "alerts";

    private Alerts() {}

    /** {@return the policy with its defaults} */
    public static PolicySpec steps() {
        return PolicySpec.of(TYPE, Settings.EMPTY);
    }
}
