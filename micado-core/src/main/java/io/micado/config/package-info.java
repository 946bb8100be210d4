/**
 * Reads configuration files: our own format {@code micado}, and through plug-ins any other. Start with
 * {@link io.micado.config.ConfigurationFiles}.
 */
@NullMarked
package io.micado.config;

import org.jspecify.annotations.NullMarked;
