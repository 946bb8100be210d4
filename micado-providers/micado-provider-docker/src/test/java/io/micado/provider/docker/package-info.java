/** Tests of the cloud of local containers. */
@NullMarked
package io.micado.provider.docker;

import org.jspecify.annotations.NullMarked;
