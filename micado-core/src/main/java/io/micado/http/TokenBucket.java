package io.micado.http;

import io.micado.api.time.Timekeeper;

/** Says whether one more may come now, so many a second and a few at once. Thread-safe. */
final class TokenBucket {
    private final Timekeeper time;
    private final double perSecond;
    private final double most;
    private double tokens;
    private long filledAt;

    TokenBucket(Timekeeper time, double perSecond, double most) {
        this.time = time;
        this.perSecond = perSecond;
        this.most = most;
        tokens = most;
        filledAt = time.nanoTime();
    }

    synchronized boolean take() {
        long now = time.nanoTime();
        tokens = Math.min(most, tokens + perSecond * Math.max(0, now - filledAt) / 1e9);
        filledAt = now;
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }
}
