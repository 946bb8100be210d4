package io.micado.examples.bench.baseline;

import io.micado.simulation.fluid.Autoscaler;
import java.util.LinkedHashMap;
import java.util.Map;

/** All autoscalers that the bench compares with, by name. Not instantiable. */
public final class Baselines {
    private Baselines() {}

    /** {@return a factory for each, in the order to show them} */
    public static Map<String, Autoscaler.Factory> all() {
        Map<String, Autoscaler.Factory> all = new LinkedHashMap<>();
        all.put("oracle", setting -> new Oracle(setting, 0));
        all.put("oracle-25", setting -> new Oracle(setting, 0.25));
        all.put("micado-0.3", Micado03::new);
        all.put("hpa-70", setting -> new Hpa(70));
        all.put("hpa-60", setting -> new Hpa(60));
        return all;
    }
}
