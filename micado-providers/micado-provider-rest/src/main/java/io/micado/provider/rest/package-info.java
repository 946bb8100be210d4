/** The clouds "cloudsigma", "cloudbroker" and "occi", over HTTP. */
@NullMarked
package io.micado.provider.rest;

import org.jspecify.annotations.NullMarked;
