/**
 * The engine's heart beat: observe, evaluate, plan, act, journal. Start with {@link io.micado.internal.loop.ControlLoop}.
 */
@NullMarked
package io.micado.internal.loop;

import org.jspecify.annotations.NullMarked;
