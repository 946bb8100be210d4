/**
 * The built-in scaling policies and what combines them. Start with {@link io.micado.policy.TargetTracking},
 * {@link io.micado.policy.Threshold} and {@link io.micado.policy.Policies}.
 */
@NullMarked
package io.micado.policy;

import org.jspecify.annotations.NullMarked;
