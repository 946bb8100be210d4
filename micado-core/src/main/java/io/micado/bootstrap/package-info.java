/**
 * User data for cloud-init, by which a fresh machine becomes a worker ({@link io.micado.bootstrap.WorkerCloudInit}) or a whole
 * master ({@link io.micado.bootstrap.MasterCloudInit}), and the ports that both need ({@link io.micado.bootstrap.PortPlans}).
 *
 * <p>A document brings a few small Python programs, which run on the interpreter that cloud-init itself needs, and their
 * parameters as JSON: nothing that a user or a cluster names is ever part of a command line of a shell.
 */
@NullMarked
package io.micado.bootstrap;

import org.jspecify.annotations.NullMarked;
