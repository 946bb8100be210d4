/**
 * What a configuration format reads, file by file and node by node, and what it answers. Start with
 * {@link io.micado.api.config.ConfigurationFormat}.
 */
@NullMarked
package io.micado.api.config;

import org.jspecify.annotations.NullMarked;
