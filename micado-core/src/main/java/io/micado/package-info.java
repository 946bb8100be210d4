/**
 * The entry of MiCADO for Java: {@link io.micado.Micado#builder()} makes an infrastructure whose services and workers scale by
 * themselves.
 */
@NullMarked
package io.micado;

import org.jspecify.annotations.NullMarked;
