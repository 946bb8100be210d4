/**
 * What can go wrong, as one unchecked root and a kind. Start with {@link io.micado.api.error.ErrorKind}.
 */
@NullMarked
package io.micado.api.error;

import org.jspecify.annotations.NullMarked;
