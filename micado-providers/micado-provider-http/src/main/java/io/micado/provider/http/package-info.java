/**
 * The HTTP client that the plug-ins over HTTP share: TLS, credentials, deadlines, kinds of errors. Start with
 * {@link io.micado.provider.http.HttpClient}; a plug-in takes its settings from {@link io.micado.provider.http.HttpSettings}, builds an
 * {@link io.micado.provider.http.HttpRequest}, and reads an {@link io.micado.provider.http.HttpResponse}.
 */
@NullMarked
package io.micado.provider.http;

import org.jspecify.annotations.NullMarked;
