/** For host programs that measure with Micrometer: {@link io.micado.micrometer.MicadoMeters}. Needs {@code micrometer-core}. */
@NullMarked
package io.micado.micrometer;

import org.jspecify.annotations.NullMarked;
