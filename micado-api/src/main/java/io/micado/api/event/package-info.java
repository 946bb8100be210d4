/**
 * What happened, as one sealed type. Start with {@link io.micado.api.event.MicadoEvent}.
 */
@NullMarked
package io.micado.api.event;

import org.jspecify.annotations.NullMarked;
