/**
 * Finds plug-ins and checks the settings that they are given. Start with {@link io.micado.internal.plugin.PluginRegistry}.
 */
@NullMarked
package io.micado.internal.plugin;

import org.jspecify.annotations.NullMarked;
