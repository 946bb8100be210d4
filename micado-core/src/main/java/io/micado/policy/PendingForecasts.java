package io.micado.policy;

import java.nio.ByteBuffer;

/** Forecasts whose time has not come yet, oldest first, to be judged then. Used by {@link Forecaster}. Confined to one thread. */
final class PendingForecasts {
    private static final int MOST = 16;

    private final int width;
    private final double[] due = new double[MOST];
    private final float[][] centers = new float[MOST][];
    private int count;

    /** {@code width} is how many forecasts there are for each time. */
    PendingForecasts(int width) {
        this.width = width;
    }

    PendingForecasts(int width, ByteBuffer in) {
        this.width = width;
        count = in.getInt();
        for (int i = 0; i < count; i++) {
            due[i] = in.getDouble();
            centers[i] = new float[width];
            for (int j = 0; j < width; j++) {
                centers[i][j] = in.getFloat();
            }
        }
    }

    int bytes() {
        return 4 + count * (8 + 4 * width);
    }

    void write(ByteBuffer out) {
        out.putInt(count);
        for (int i = 0; i < count; i++) {
            out.putDouble(due[i]);
            for (float center : centers[i]) {
                out.putFloat(center);
            }
        }
    }

    /** {@return whether forecasts for that time are far enough from the last ones for all of them to fit} */
    boolean takes(double second, double horizon) {
        return count == 0 || second - due[count - 1] >= horizon / (MOST - 2) || second < due[count - 1] - horizon;
    }

    /** Adds forecasts for that time; capacity that arrives sooner than before makes those for later times needless. */
    void add(double second, float[] forecasts) {
        while (count > 0 && due[count - 1] > second) {
            count--;
        }
        if (count == MOST) {
            drop(1);
        }
        due[count] = second;
        centers[count] = forecasts;
        count++;
    }

    /** {@return the latest forecasts of which the time has come, which are then forgotten with all before; empty for none} */
    float[] takeDue(double second) {
        int over = 0;
        while (over < count && due[over] <= second) {
            over++;
        }
        if (over == 0) {
            return new float[0];
        }
        float[] latest = centers[over - 1];
        drop(over);
        return latest;
    }

    private void drop(int first) {
        count -= first;
        System.arraycopy(due, first, due, 0, count);
        System.arraycopy(centers, first, centers, 0, count);
    }
}
