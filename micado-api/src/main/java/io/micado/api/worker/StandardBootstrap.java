package io.micado.api.worker;

import io.micado.api.spi.JoinInfo;
import io.micado.api.spi.Secret;
import java.util.Map;
import java.util.Optional;

/** The bootstraps that are no user data of their own: the constants of {@link Bootstrap}. Immutable. */
enum StandardBootstrap implements Bootstrap {
    DEFAULT,
    BY_CLOUD;

    @Override
    public Optional<Secret> userData(WorkerId worker, Map<String, String> engineLabels, JoinInfo join) {
        return Optional.empty();
    }
}
