/**
 * Calls to plug-ins off the loop thread, each with a deadline and one answer. Start with {@link io.micado.internal.call.Calls}.
 */
@NullMarked
package io.micado.internal.call;

import org.jspecify.annotations.NullMarked;
