@NullMarked
package io.micado.examples;

import org.jspecify.annotations.NullMarked;
