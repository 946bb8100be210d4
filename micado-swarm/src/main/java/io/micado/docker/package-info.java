/**
 * A small client of the Docker Engine, shared by all plug-ins that talk to one: raw JSON that keeps every field,
 * deadlines that hold on every kind of socket, and failures as one clear sentence. Start with {@link
 * io.micado.docker.DockerEngine}.
 */
@NullMarked
package io.micado.docker;

import org.jspecify.annotations.NullMarked;
