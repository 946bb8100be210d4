/**
 * The cloud {@code local}: workers that are containers with a Docker Engine of their own, on the machine of the host program. Made for trying
 * things out, for tests and for demonstrations: a worker joins its Swarm a second or two after its launch. Start with
 * {@link io.micado.provider.docker.LocalProvider}.
 *
 * <p><strong>A worker</strong> is a container {@code micado-INFRASTRUCTURE-WORKER}, bounded by the offering's {@code cpus} and {@code memory} or
 * by an instance type such as {@code 0.5cpu-512m}. The bounds hold for its tasks too. Its engine tells the Swarm the size of the whole
 * machine all the same; MiCADO counts with the bounds. Its image is {@code docker:MAJOR.MINOR-dind} of the host engine's version,
 * pulled when it is missing; where no registry can be reached, {@code micado/worker:debian} takes its place, which
 * {@code micado-examples/docker/images.sh} makes. It is privileged where the host engine can run privileged containers, and gets
 * {@code SYS_ADMIN} and {@code NET_ADMIN} without a seccomp filter where it cannot.
 *
 * <p><strong>The state directory</strong> (default {@code micado-USER} in the directory for temporary files, mode 0700) holds for each worker the
 * socket of its engine and a note, mode 0600. As long as the worker has not joined, the note holds the addresses of the managers and the
 * join token; so a program that is ended in the middle of a launch and starts again finishes the join when it lists the
 * machines. After the join the token is deleted. Where the note is lost, the worker never joins, and the engine's join timeout replaces
 * it.
 *
 * <p><strong>Images</strong> of services that the host engine has are brought to every worker, before it joins or when a service is deployed.
 * This is done once for each name, so give a changed image a new tag. Images that the host engine has not got, and images by digest,
 * are pulled by the workers themselves.
 *
 * <p><strong>Limits.</strong> The program has to run on the machine of the host engine, outside a container and without a virtual machine in between
 * (Docker Desktop), because it reaches the workers' engines through sockets in that directory. The host engine's own Swarm,
 * containers, volumes and networks are left as they are. A termination removes container, volume and directory; what somebody else's
 * removal of a container leaves is listed as a leftover. By hand, everything goes with
 * {@code docker rm -f -v $(docker ps -aq --filter label=micado.infrastructure)}.
 */
@NullMarked
package io.micado.provider.docker;

import org.jspecify.annotations.NullMarked;
