package io.micado.policy;

import java.nio.ByteBuffer;

/**
 * Bursts that come at the same time every day, such as those of jobs that start by the clock: too short and too high to be kept free
 * for at any other time. Used by {@link Forecaster}. Confined to one thread.
 *
 * <p>Whatever goes far beyond its level is noted with its minute of the day. Whether such a thing comes again depends on the load: of
 * some, nearly every one does, of others none. How often a new one did is learned, and the record of each counts for more than that as
 * it grows. What is expected costs its height for a few minutes a day, so that little likelihood is enough to keep it free.
 */
final class RecurringBursts {
    private static final int MOST = 48;
    private static final int DAY = 1_440;
    private static final int MINUTE = 60;
    /** What lasts longer, in minutes, is a level and no burst. */
    private static final int LONGEST = 15;
    /** One that comes so many minutes too early or too late is the same, and comes at any time between from then on. */
    private static final int NEAR = 5;
    /** As likely as this is likely enough to be kept free for, if it takes a minute. */
    private static final double LIKELY = 0.1;
    /** For about so many minutes runs what is ordered for one minute. */
    private static final double HELD = 8;
    /** A burst of this share of the height that was expected has come again. */
    private static final double SAME = 0.5;
    /** Before any burst had the chance to come again, one in eight is taken to do so. */
    private static final float ASSUMED_HITS = 0.5f;

    private static final float ASSUMED_CHANCES = 4;
    /** One in a hundred may always be one that comes every day. */
    private static final double LEAST_SHARE = 0.01;
    /** One that comes every day fails to do so on one day of ten. */
    private static final double FAITHFUL = 0.9;
    /** So much more likely to come every day than not is as certain as anything gets. */
    private static final double MOST_EVIDENCE = 1e3;

    private static final double HALF_LIFE = 2 * 86_400.0;
    private static final double LONGEST_STEP = 600;
    /** By so much of the difference a height comes nearer to a lower one. */
    private static final float LOWERING = 0.3f;
    /** A burst that used all there was is taken for so many times of that, if the load was ever that high. */
    private static final double GUESS = 2.7;
    /** …and for so many times in any case. */
    private static final double LEAST_GUESS = 1.3;

    /** How many bytes they take. */
    static final int BYTES = MOST * Burst.BYTES + 8 + 5 * 4 + 1;

    private final Burst[] bursts = new Burst[MOST];
    private long minute = Long.MIN_VALUE;
    private float newHits = ASSUMED_HITS;
    private float newChances = ASSUMED_CHANCES;
    /** How many bursts begin in a minute, and which share of the time there is one. */
    private float begun;

    private float share;
    private float seconds;
    private boolean isOn;

    /** One of them, and its record. */
    private static final class Burst {
        static final int BYTES = 8 + 4 + 3 * 4 + 4;

        /** When it begins next, in minutes of the wall clock; 0 for none. */
        long due;

        int length;
        float height;
        /** Whether the height is a guess, because all there was was used. */
        boolean isGuess;

        /** Whether it has had the chance to come again, and how many times likelier its record is if it comes every day. */
        boolean hadChance;

        float evidence = 1;
        /** How high the load has been in the present window, and whether that is a guess. */
        float present;

        boolean isPresentGuess;
        boolean came;

        Burst() {}

        Burst(ByteBuffer in) {
            due = in.getLong();
            length = in.getInt();
            height = in.getFloat();
            evidence = in.getFloat();
            present = in.getFloat();
            hadChance = in.get() != 0;
            isGuess = in.get() != 0;
            isPresentGuess = in.get() != 0;
            came = in.get() != 0;
        }

        void write(ByteBuffer out) {
            out.putLong(due).putInt(length).putFloat(height).putFloat(evidence).putFloat(present);
            out.put((byte) (hadChance ? 1 : 0))
                    .put((byte) (isGuess ? 1 : 0))
                    .put((byte) (isPresentGuess ? 1 : 0))
                    .put((byte) (came ? 1 : 0));
        }

        long end() {
            return due + length;
        }

        void begin(long at, float over, boolean guess) {
            due = at + DAY;
            length = 1;
            height = over;
            isGuess = guess;
            hadChance = false;
            evidence = 1;
            clear();
        }

        void see(float over, boolean guess) {
            if (over > present) {
                present = over;
                isPresentGuess = guess;
            }
        }

        void clear() {
            present = 0;
            isPresentGuess = false;
            came = false;
        }
    }

    RecurringBursts() {
        for (int i = 0; i < MOST; i++) {
            bursts[i] = new Burst();
        }
    }

    RecurringBursts(ByteBuffer in) {
        for (int i = 0; i < MOST; i++) {
            bursts[i] = new Burst(in);
        }
        minute = in.getLong();
        newHits = in.getFloat();
        newChances = in.getFloat();
        begun = in.getFloat();
        share = in.getFloat();
        seconds = in.getFloat();
        isOn = in.get() != 0;
    }

    void write(ByteBuffer out) {
        for (Burst burst : bursts) {
            burst.write(out);
        }
        out.putLong(minute).putFloat(newHits).putFloat(newChances);
        out.putFloat(begun).putFloat(share).putFloat(seconds).put((byte) (isOn ? 1 : 0));
    }

    /**
     * Adds a sample.
     *
     * @param second when it was taken, by the wall clock
     * @param step how many seconds after the one before
     * @param load the load
     * @param level the load of the last minutes before it
     * @param most what goes beyond this is a burst
     * @param saturated whether it may be more
     * @param highest the highest load of the last days
     */
    void add(double second, double step, double load, double level, double most, boolean saturated, double highest) {
        long now = (long) Math.floor(second / MINUTE);
        if (now != minute) {
            minute = now;
            for (Burst burst : bursts) {
                judge(burst);
            }
        }
        double taken = saturated ? Math.min(GUESS * load, Math.max(highest, LEAST_GUESS * load)) : load;
        float over = (float) (taken - level);
        boolean isBurst = saturated || load > most;
        count(isBurst, Math.min(step, LONGEST_STEP));
        boolean isExpected = false;
        for (Burst burst : bursts) {
            if (burst.due != 0 && now >= burst.due - 1 && now <= burst.end()) {
                isExpected = true;
                burst.came |= isBurst || over >= SAME * burst.height;
                burst.see(over, saturated);
            }
        }
        if (isBurst && !isExpected) {
            note(over, saturated);
        }
    }

    /** {@return how far the load is expected to go beyond its level between these times; 0 for not at all} */
    double expected(double from, double to) {
        long first = (long) Math.floor(from / MINUTE);
        long last = (long) Math.floor(to / MINUTE);
        double most = 0;
        for (Burst burst : bursts) {
            if (burst.due != 0 && burst.due <= last && burst.end() > first && isLikely(burst)) {
                most = Math.max(most, burst.height);
            }
        }
        return most;
    }

    private boolean isLikely(Burst burst) {
        return likelihood(burst) >= LIKELY * (burst.length + HELD) / (1 + HELD);
    }

    /** Bayes' rule: it is one that comes every day, or it comes by chance, for which nothing is kept free. */
    private double likelihood(Burst burst) {
        double part = Math.max(LEAST_SHARE, newHits / newChances);
        double odds = part / (1 - part) * burst.evidence;
        return FAITHFUL * odds / (1 + odds);
    }

    /** {@return how likely it is that any burst comes at this time by chance} */
    private double chance(Burst burst) {
        double expected = begun * (burst.length + 2 * NEAR) + share;
        return Math.max(0.001, Math.min(0.9, 1 - Math.exp(-expected)));
    }

    private void count(boolean isBurst, double step) {
        seconds = (float) Math.min(HALF_LIFE / Math.log(2), seconds + step);
        float gain = (float) step / seconds;
        share += gain * ((isBurst ? 1 : 0) - share);
        begun += gain * ((isBurst && !isOn ? (float) (MINUTE / step) : 0) - begun);
        isOn = isBurst;
    }

    /** Notes whether one came of which the time has passed. */
    private void judge(Burst burst) {
        if (burst.due == 0 || minute < burst.end() + NEAR) {
            return;
        }
        boolean wasSeen = minute - burst.due < DAY / 2;
        if (wasSeen) {
            double chance = chance(burst);
            if (!burst.hadChance) {
                newChances += 1;
                newHits += (float) ((burst.came ? 1 : 0) - chance);
                burst.hadChance = true;
            }
            double ratio = burst.came ? FAITHFUL / chance : (1 - FAITHFUL) / (1 - chance);
            burst.evidence = (float) Math.min(MOST_EVIDENCE, burst.evidence * ratio);
        }
        if (burst.came) {
            boolean isWhole = burst.isGuess && !burst.isPresentGuess;
            burst.height = isWhole
                    ? burst.present
                    : Math.max(burst.present, burst.height - LOWERING * (burst.height - burst.present));
            burst.isGuess = burst.isPresentGuess;
        }
        burst.clear();
        burst.due += DAY * Math.max(1, (minute - burst.end()) / DAY + 1);
        if (burst.evidence < LEAST_SHARE) {
            burst.due = 0;
        }
    }

    /** Notes one that nobody expected. */
    private void note(float over, boolean guess) {
        Burst least = bursts[0];
        double leastWorth = Double.POSITIVE_INFINITY;
        for (Burst burst : bursts) {
            if (burst.due == 0) {
                least = burst;
                leastWorth = -1;
                continue;
            }
            if (!burst.hadChance && burst.due <= minute + DAY && burst.end() >= minute + DAY) {
                goOn(burst, over, guess);
                return;
            }
            if (!burst.came && minute >= burst.due - NEAR && minute < burst.end() + NEAR && widen(burst)) {
                burst.came = true;
                burst.see(over, guess);
                return;
            }
            double worth = likelihood(burst) * burst.height;
            if (worth < leastWorth) {
                least = burst;
                leastWorth = worth;
            }
        }
        least.begin(minute, over, guess);
    }

    /** One that was noted a minute ago, or in this, lasts. */
    private void goOn(Burst burst, float over, boolean guess) {
        if (over > burst.height || (burst.isGuess && !guess)) {
            burst.height = over;
            burst.isGuess = guess;
        }
        burst.length = (int) Math.max(burst.length, minute + DAY + 1 - burst.due);
        if (burst.length > LONGEST) {
            burst.due = 0;
        }
    }

    private boolean widen(Burst burst) {
        long from = Math.min(burst.due, minute);
        long to = Math.max(burst.end(), minute + 1);
        if (to - from > LONGEST) {
            return false;
        }
        burst.due = from;
        burst.length = (int) (to - from);
        return true;
    }
}
