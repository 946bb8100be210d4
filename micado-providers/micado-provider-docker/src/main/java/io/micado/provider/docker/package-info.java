/** Workers that are containers of a local Docker engine. */
@NullMarked
package io.micado.provider.docker;

import org.jspecify.annotations.NullMarked;
