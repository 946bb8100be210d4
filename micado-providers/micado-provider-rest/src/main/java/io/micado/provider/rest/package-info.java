/**
 * The clouds {@code cloudsigma}, {@code cloudbroker} and {@code occi}, over HTTP. Start with {@link io.micado.provider.rest.CloudSigmaProvider},
 * {@link io.micado.provider.rest.CloudBrokerProvider} and {@link io.micado.provider.rest.OcciProvider}.
 *
 * <p>Of each cloud there is a {@code …Provider} (settings), a {@code …Cloud} (launch, list, terminate), and {@code …Errors} (what its refusals mean).
 * What they share: {@code Fanout} (several at a time), {@code Mark} (whose a machine is, in one name), {@code EncodedUserData}.
 */
@NullMarked
package io.micado.provider.rest;

import org.jspecify.annotations.NullMarked;
