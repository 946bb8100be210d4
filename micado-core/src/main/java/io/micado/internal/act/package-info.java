/**
 * Carries out planned actions, one file for each kind of effect. Start with {@link io.micado.internal.act.Actuator}.
 */
@NullMarked
package io.micado.internal.act;

import org.jspecify.annotations.NullMarked;
