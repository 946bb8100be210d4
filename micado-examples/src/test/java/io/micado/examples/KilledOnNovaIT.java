package io.micado.examples;

import io.micado.api.spi.CloudProvider;
import io.micado.api.spi.Secret;
import io.micado.api.spi.Settings;
import io.micado.provider.jclouds.NovaProvider;
import java.util.Map;

/** A killed program on a real OpenStack whose hypervisor alone is a fake. */
class KilledOnNovaIT extends KilledLaunch {

    private static String openstack(String name) {
        return bed("MICADO_OPENSTACK_" + name, ".ci/openstack");
    }

    @Override
    CloudProvider provider() {
        return new NovaProvider();
    }

    @Override
    Settings account() {
        return Settings.of(Map.of(
                "endpoint", openstack("ENDPOINT"),
                "username", "admin",
                "password", Secret.of("admin"),
                "project_id", openstack("PROJECT_ID"),
                "region_name", "RegionOne",
                "list_lag", "1s",
                "max_concurrent_calls", "2"));
    }

    @Override
    String machine() {
        return "instanceType: m1.micado\nmachine: {image_id: " + openstack("IMAGE_ID") + ", network_id: net}\n";
    }
}
