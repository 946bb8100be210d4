@NullMarked
package io.micado.provider.http;

import org.jspecify.annotations.NullMarked;
