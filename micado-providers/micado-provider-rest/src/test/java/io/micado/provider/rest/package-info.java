@NullMarked
package io.micado.provider.rest;

import org.jspecify.annotations.NullMarked;
