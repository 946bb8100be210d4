@NullMarked
package io.micado.simulation;

import org.jspecify.annotations.NullMarked;
