package io.micado.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ErrorQuantilesTest {

    @Test
    void whileNothingIsKnownErrorsAreThoseOfALaplaceDistribution() {
        ErrorQuantiles quantiles = new ErrorQuantiles();

        // Half of e to the minus x.
        assertThat(quantiles.exceededWith(0.05)).isCloseTo(-Math.log(0.1), within(0.1));
        assertThat(quantiles.exceededWith(0.001)).isCloseTo(-Math.log(0.002), within(0.3));
        assertThat(quantiles.exceededWith(0.6)).isZero();
    }

    @Test
    void quantilesAreThoseOfWhatWasSeen() {
        ErrorQuantiles quantiles = new ErrorQuantiles();
        Random random = new Random(1);
        for (int i = 0; i < 100_000; i++) {
            quantiles.add(random.nextGaussian(), 15);
        }

        assertThat(quantiles.exceededWith(0.05)).isCloseTo(1.645, within(0.1));
        assertThat(quantiles.exceededWith(0.001)).isCloseTo(3.09, within(0.35));
    }

    @Test
    void oldErrorsFade() {
        ErrorQuantiles quantiles = new ErrorQuantiles();
        for (int i = 0; i < 5_000; i++) {
            quantiles.add(10, 15);
        }
        for (int i = 0; i < 5_000; i++) {
            quantiles.add(1, 86_400.0 / 50);
        }

        // A hundred days are seven half-lives: three in a hundred are left of a half.
        assertThat(quantiles.exceededWith(0.05)).isLessThan(5);
    }
}
