/**
 * Saves what the planner and the policies remember. Start with {@link io.micado.internal.memory.MemoryCodec}.
 */
@NullMarked
package io.micado.internal.memory;

import org.jspecify.annotations.NullMarked;
