/** The metric sources "exporters" and "prometheus", rule files, discovery and Consul. */
@NullMarked
package io.micado.provider.monitoring;

import org.jspecify.annotations.NullMarked;
