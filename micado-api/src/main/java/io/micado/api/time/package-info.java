/**
 * The one seam to clocks, timers and threads. Start with {@link io.micado.api.time.Timekeeper}.
 */
@NullMarked
package io.micado.api.time;

import org.jspecify.annotations.NullMarked;
