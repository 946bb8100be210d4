/** The configuration formats "micado-0.3" and "occopus". */
@NullMarked
package io.micado.provider.occopus;

import org.jspecify.annotations.NullMarked;
