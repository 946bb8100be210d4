/**
 * Services, their replicas and tasks: the upper of the two levels that are scaled. Start with {@link io.micado.api.service.ServiceSpec}.
 */
@NullMarked
package io.micado.api.service;

import org.jspecify.annotations.NullMarked;
