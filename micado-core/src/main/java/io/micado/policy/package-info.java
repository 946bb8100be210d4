/**
 * The built-in scaling policies. Start with {@link io.micado.policy.TargetTracking}.
 */
@NullMarked
package io.micado.policy;

import org.jspecify.annotations.NullMarked;
