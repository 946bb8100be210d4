@NullMarked
package io.micado.simulation.fluid;

import org.jspecify.annotations.NullMarked;
