/**
 * Policies, what they see and say, and the decisions made of it. Start with {@link io.micado.api.scaling.Scaler} and {@link io.micado.api.scaling.Decision}.
 */
@NullMarked
package io.micado.api.scaling;

import org.jspecify.annotations.NullMarked;
