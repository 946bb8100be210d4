/** Tests of the clouds over jclouds. */
@NullMarked
package io.micado.provider.jclouds;

import org.jspecify.annotations.NullMarked;
