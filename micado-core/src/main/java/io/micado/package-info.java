/** The entry to MiCADO: start here. */
@NullMarked
package io.micado;

import org.jspecify.annotations.NullMarked;
