/** A Spring Boot application with an autoscaler in it. */
@NullMarked
package io.micado.examples.spring;

import org.jspecify.annotations.NullMarked;
