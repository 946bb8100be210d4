/** Docker Swarm as container orchestrator. */
@NullMarked
package io.micado.swarm;

import org.jspecify.annotations.NullMarked;
