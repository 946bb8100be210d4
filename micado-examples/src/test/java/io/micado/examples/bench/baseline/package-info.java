@NullMarked
package io.micado.examples.bench.baseline;

import org.jspecify.annotations.NullMarked;
