/** The HTTP client that the plug-ins over HTTP share: TLS, credentials, deadlines, kinds of errors. */
@NullMarked
package io.micado.provider.http;

import org.jspecify.annotations.NullMarked;
