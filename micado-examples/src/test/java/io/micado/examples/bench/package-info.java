@NullMarked
package io.micado.examples.bench;

import org.jspecify.annotations.NullMarked;
