/**
 * Docker Swarm as an orchestrator, and the Docker engines' own statistics as a metric source. Start with {@link
 * io.micado.swarm.SwarmOrchestrator} and {@link io.micado.swarm.DockerMetricSource}; everything else is internal.
 */
@NullMarked
package io.micado.swarm;

import org.jspecify.annotations.NullMarked;
