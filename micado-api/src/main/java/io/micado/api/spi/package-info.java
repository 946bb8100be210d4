/**
 * What a plug-in implements and what it is given. Start with {@link io.micado.api.spi.CloudProvider}.
 */
@NullMarked
package io.micado.api.spi;

import org.jspecify.annotations.NullMarked;
