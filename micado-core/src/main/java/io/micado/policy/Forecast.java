package io.micado.policy;

/**
 * What is expected by the time capacity arrives, in instances that are fully used. Made by {@link Forecaster}. Immutable.
 *
 * @param center what is expected
 * @param spread by how much such a forecast is usually wrong
 * @param level which average of the load it starts from
 * @param season which season it adds
 */
record Forecast(double center, double spread, int level, Season.Kind season) {
    /** {@return what is expected and so many usual errors more} */
    double plus(double spreads) {
        return center + spreads * spread;
    }

    /** {@return whether a burst is taken for the new level rather than for noise} */
    boolean followsBursts() {
        return Levels.isQuick(level);
    }

    /** {@return the words for what it is made of} */
    String words() {
        return Levels.words(level) + season.words();
    }
}
