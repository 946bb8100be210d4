/**
 * The HTTP interface and the dashboard, on the JDK's own server. Start with {@link io.micado.http.MicadoHttpServer#builder()}.
 * It uses infrastructures through {@link io.micado.Micado} alone.
 */
@NullMarked
package io.micado.http;

import org.jspecify.annotations.NullMarked;
