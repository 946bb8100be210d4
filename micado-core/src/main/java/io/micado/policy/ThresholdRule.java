package io.micado.policy;

import java.time.Duration;

/**
 * When the policy {@code threshold} acts on one level, and by how much. Made by {@link ThresholdPolicy}, used by
 * {@link ThresholdScaler}. Immutable.
 *
 * @param scaleOut the load in percent above which it scales out
 * @param scaleIn the load in percent below which it scales in, less than {@code scaleOut}
 * @param forOut for how long the load has to be above
 * @param forIn for how long the load has to be below
 * @param window over how long the load is averaged
 * @param step how many replicas or workers it adds or takes at once
 * @param basis what the load of a service is a share of
 * @param antiFlap whether it skips a scale-in after which the load would be above {@code scaleOut} again
 * @param idleWorker whether replicas are only added while a worker has more idle CPU than one of them may use
 * @param timing when the load is looked at and how often it acts
 */
record ThresholdRule(
        double scaleOut,
        double scaleIn,
        Duration forOut,
        Duration forIn,
        Duration window,
        int step,
        LoadBasis basis,
        boolean antiFlap,
        boolean idleWorker,
        AlertTiming timing) {

    /** What the load of a service is a share of. */
    enum LoadBasis {
        /** What its replicas reserve, else their limit, else what they could have. */
        RESERVATION("reservation"),
        /** All cores of the workers that they run on, once for each replica. */
        CORE("core");

        private final String word;

        LoadBasis(String word) {
            this.word = word;
        }

        /** {@return the word for it in the settings} */
        String word() {
            return word;
        }
    }

    /** The rule for services unless it is set otherwise. */
    static final ThresholdRule SERVICE = new ThresholdRule(
            90,
            10,
            Duration.ofSeconds(30),
            Duration.ofSeconds(30),
            Duration.ofSeconds(30),
            1,
            LoadBasis.RESERVATION,
            true,
            false,
            AlertTiming.eachPass(Duration.ofSeconds(60)));

    /** The rule for pools unless it is set otherwise. */
    static final ThresholdRule POOL = new ThresholdRule(
            60,
            20,
            Duration.ofSeconds(60),
            Duration.ofSeconds(120),
            Duration.ofSeconds(60),
            1,
            LoadBasis.RESERVATION,
            true,
            false,
            AlertTiming.eachPass(Duration.ofSeconds(300)));

    /** {@return this rule as MiCADO 0.3 has it} */
    ThresholdRule asInMicado03() {
        return new ThresholdRule(
                scaleOut,
                scaleIn,
                forOut,
                forIn,
                window,
                step,
                LoadBasis.CORE,
                false,
                true,
                AlertTiming.asInMicado03(timing.repeat()));
    }
}
