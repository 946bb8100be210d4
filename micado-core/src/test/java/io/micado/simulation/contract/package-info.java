@NullMarked
package io.micado.simulation.contract;

import org.jspecify.annotations.NullMarked;
