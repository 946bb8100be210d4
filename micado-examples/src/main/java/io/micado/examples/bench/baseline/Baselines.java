package io.micado.examples.bench.baseline;

import io.micado.api.scaling.TargetId;
import io.micado.simulation.fluid.Autoscaler;
import java.util.LinkedHashMap;
import java.util.Map;

/** All autoscalers that the bench compares with, by name. Not instantiable. */
public final class Baselines {
    /** The name of the oracle, to which all others are compared. */
    public static final String ORACLE = "oracle";

    private Baselines() {}

    /** {@return the Kubernetes Horizontal Pod Autoscaler with a target of so many percent} */
    public static Autoscaler.Factory hpa(double targetPercent) {
        return setting -> new Hpa(targetPercent);
    }

    /** {@return a factory for each, in the order to show them} */
    public static Map<String, Autoscaler.Factory> all(TargetId.Level level) {
        Map<String, Autoscaler.Factory> all = new LinkedHashMap<>();
        all.put(ORACLE, setting -> new Oracle(setting, 0));
        all.put("oracle-25", setting -> new Oracle(setting, 0.25));
        all.put("micado-0.3", Micado03::new);
        all.put("hpa-70", hpa(70));
        all.put("hpa-60", hpa(60));
        if (level == TargetId.Level.POOL) {
            all.put("hpa-70+ca", setting -> new HpaWithClusterAutoscaler());
        }
        all.put("keda-70", setting -> new Keda(setting.capacity()));
        all.put("knative-70", setting -> new Knative(setting.capacity()));
        all.put("aws-tt-70", setting -> new AwsTargetTracking());
        all.put("gce-60", setting -> new Gce());
        all.put("nomad-tv-70", setting -> new NomadTargetValue());
        all.put("react", setting -> new Stepped(new React(), setting.capacity()));
        all.put("adapt", setting -> new Stepped(new Adapt(), setting.capacity()));
        all.put("hist", setting -> new Stepped(new Hist(), setting.capacity()));
        all.put("reg", setting -> new Stepped(new Reg(), setting.capacity()));
        all.put("conpaas", setting -> new Stepped(new ConPaas(), setting.capacity()));
        return all;
    }
}
