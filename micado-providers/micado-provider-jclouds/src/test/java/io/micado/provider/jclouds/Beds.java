package io.micado.provider.jclouds;

import org.junit.jupiter.api.Assumptions;

/** Where the test beds are that {@code .ci/moto} and {@code .ci/openstack} start. Stateless. */
final class Beds {
    private Beds() {}

    /** {@return the value that a bed's script has printed; without it the test is skipped, and says so} */
    static String require(String variable, String script) {
        String value = System.getenv(variable);
        Assumptions.assumeTrue(
                value != null && !value.isBlank(),
                () -> "SKIPPED: " + variable + " is not set; run: eval \"$(" + script + " up)\"");
        return String.valueOf(value);
    }
}
