package io.micado.policy;

import io.micado.api.scaling.Scaler;
import io.micado.api.scaling.ScalingPolicy;
import io.micado.api.spi.PluginContext;
import io.micado.api.spi.SettingKey;
import io.micado.api.spi.Settings;
import java.util.List;
import java.util.function.Function;

/**
 * The policy {@code threshold}: one step more or less when the CPU load is beyond a threshold for a while, found through
 * {@link java.util.ServiceLoader} and called by the engine while it is built. Immutable. {@link Threshold} tells what it does,
 * and writes its settings.
 */
public final class ThresholdPolicy implements ScalingPolicy {
    static final String PRESET = "preset";
    static final String SCALE_OUT = "scaleOut";
    static final String SCALE_IN = "scaleIn";
    static final String FOR_OUT = "forOut";
    static final String FOR_IN = "forIn";
    static final String REPEAT = "repeat";
    static final String WINDOW = "window";
    static final String STEP = "step";
    static final String BASIS = "basis";
    static final String ANTI_FLAP = "antiFlap";
    static final String IDLE_WORKER = "idleWorker";
    static final String EVALUATION = "evaluation";
    static final String GROUP_WAIT = "groupWait";
    static final String GROUP_INTERVAL = "groupInterval";

    static final String MICADO_03 = "micado-0.3";
    private static final String DEFAULT = "default";

    /** Creates the policy; called by the {@link java.util.ServiceLoader}. */
    public ThresholdPolicy() {}

    @Override
    public String type() {
        return Threshold.TYPE;
    }

    @Override
    public List<SettingKey> settings() {
        return List.of(
                key(PRESET, SettingKey.Type.STRING, "default, or micado-0.3 for that version's rule and timing"),
                key(
                        SCALE_OUT,
                        SettingKey.Type.NUMBER,
                        "load in percent above which it scales out; services 90, pools 60"),
                key(
                        SCALE_IN,
                        SettingKey.Type.NUMBER,
                        "load in percent below which it scales in; services 10, pools 20"),
                key(FOR_OUT, SettingKey.Type.DURATION, "how long the load has to be above; services 30s, pools 60s"),
                key(FOR_IN, SettingKey.Type.DURATION, "how long the load has to be below; services 30s, pools 120s"),
                key(
                        REPEAT,
                        SettingKey.Type.DURATION,
                        "how long after a step the next one waits; services 60s, pools 300s"),
                key(WINDOW, SettingKey.Type.DURATION, "over how long the load is averaged; services 30s, pools 60s"),
                key(STEP, SettingKey.Type.INTEGER, "how many replicas or workers it adds or takes at once; 1"),
                key(
                        BASIS,
                        SettingKey.Type.STRING,
                        "what a service's load is a share of: reservation (default) or core"),
                key(ANTI_FLAP, SettingKey.Type.BOOLEAN, "skip a scale-in after which the load is above scaleOut; true"),
                key(IDLE_WORKER, SettingKey.Type.BOOLEAN, "add replicas only while a worker has room for one; false"),
                key(
                        EVALUATION,
                        SettingKey.Type.DURATION,
                        "how often the load is compared with the thresholds; each pass"),
                key(GROUP_WAIT, SettingKey.Type.DURATION, "how long after forOut or forIn the first step waits; 0s"),
                key(
                        GROUP_INTERVAL,
                        SettingKey.Type.DURATION,
                        "how often it looks whether to repeat a step; each pass"));
    }

    private static SettingKey key(String name, SettingKey.Type type, String description) {
        // The defaults differ between services and pools, or come from the preset: only the words can tell them.
        return SettingKey.optional(name, type, null, description);
    }

    @Override
    public Scaler create(Settings settings, PluginContext context) {
        return create(settings);
    }

    static ThresholdScaler create(Settings settings) {
        SettingsReader reader = new SettingsReader(settings);
        boolean original = reader.choice(PRESET, List.of(DEFAULT, MICADO_03), Function.identity())
                .filter(MICADO_03::equals)
                .isPresent();
        ThresholdSettings set = ThresholdSettings.read(reader);
        ThresholdRule service = set.over(original ? ThresholdRule.SERVICE.asInMicado03() : ThresholdRule.SERVICE);
        ThresholdRule pool = set.over(original ? ThresholdRule.POOL.asInMicado03() : ThresholdRule.POOL);
        set.checkOrder(service, pool, reader);
        reader.throwProblems();
        return new ThresholdScaler(service, pool);
    }
}
