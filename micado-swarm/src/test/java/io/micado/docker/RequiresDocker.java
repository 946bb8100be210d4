package io.micado.docker;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Marks an integration test that needs a real Docker Engine which is in no Swarm: {@code $DOCKER_HOST}, else the local one. See
 * {@link RealDocker} for what it does.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RealDocker.class)
public @interface RequiresDocker {}
