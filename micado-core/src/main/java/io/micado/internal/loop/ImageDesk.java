package io.micado.internal.loop;

import io.micado.Defaults;
import io.micado.api.error.ErrorKind;
import io.micado.internal.act.CloudAccess;
import io.micado.internal.call.Calls;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells clouds which images are in use, for those that bring them to their machines. Confined to the loop thread. */
final class ImageDesk {
    private static final Logger LOG = LoggerFactory.getLogger(ImageDesk.class);

    private final Map<String, CloudAccess> clouds;
    private final Calls calls;
    private Set<String> known = Set.of();

    ImageDesk(Map<String, CloudAccess> clouds, Calls calls) {
        this.clouds = clouds;
        this.calls = calls;
    }

    /** {@return the images that were told last} */
    Set<String> known() {
        return known;
    }

    /** Tells all clouds, unless nothing has changed, and goes on when each has taken notice or has had the time to. */
    void tell(Set<String> images, Runnable then) {
        if (images.equals(known) || clouds.isEmpty()) {
            then.run();
            return;
        }
        known = Set.copyOf(images);
        AtomicInteger unanswered = new AtomicInteger(clouds.size());
        clouds.forEach((name, access) -> calls.call(
                access.executor(),
                Defaults.IMAGES_DEADLINE,
                ErrorKind.TRANSIENT,
                "telling the images in use",
                () -> {
                    access.cloud().imagesInUse(images);
                    return true;
                },
                outcome -> {
                    if (!outcome.succeeded()) {
                        LOG.debug("cloud {} did not take notice of images", name, outcome.failure());
                    }
                    if (unanswered.decrementAndGet() == 0) {
                        then.run();
                    }
                }));
    }
}
