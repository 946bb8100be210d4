/** The clouds "ec2", "nova" and "jclouds:ID", over Apache jclouds. */
@NullMarked
package io.micado.provider.jclouds;

import org.jspecify.annotations.NullMarked;
