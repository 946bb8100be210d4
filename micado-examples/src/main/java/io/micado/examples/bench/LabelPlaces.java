package io.micado.examples.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds places for the names of points in a chart, so that none covers another or a point: to the right of its point, else to the left, else
 * above or below. Used by {@link BenchPage} for one chart; who asks first has the better place. Confined to one thread.
 */
final class LabelPlaces {
    private static final double CHARACTER = 6.2;
    private static final double LINE = 12;
    private static final double GAP = 8;
    private static final double POINT = 5;
    private static final int MOST_LINES_AWAY = 12;

    private final double leftEdge;
    private final double rightEdge;
    private final double lowerEdge;
    private final List<Place> taken = new ArrayList<>();

    /** Starts with an empty chart with these edges; the upper one is 0. */
    LabelPlaces(double leftEdge, double rightEdge, double lowerEdge) {
        this.leftEdge = leftEdge;
        this.rightEdge = rightEdge;
        this.lowerEdge = lowerEdge;
    }

    /**
     * Where a name stands. Immutable.
     *
     * @param left its left edge
     * @param middle the middle of its height
     * @param right its right edge
     */
    record Place(double left, double middle, double right) {
        private boolean covers(Place other) {
            return left < other.right && other.left < right && Math.abs(middle - other.middle) < LINE;
        }
    }

    /** Keeps a point free of names; to be called for all of them before the first name. */
    void keep(double x, double y) {
        taken.add(new Place(x - POINT, y, x + POINT));
    }

    /** {@return a free place for the name of a point, the nearest that there is; beside it when all are taken} */
    Place near(double x, double y, String name) {
        for (int away = 0; away <= MOST_LINES_AWAY; away++) {
            for (double middle : away == 0 ? new double[] {y} : new double[] {y - away * LINE, y + away * LINE}) {
                for (Place place : List.of(right(x, middle, name), left(x, middle, name))) {
                    if (isInside(place) && taken.stream().noneMatch(place::covers)) {
                        taken.add(place);
                        return place;
                    }
                }
            }
        }
        return right(x, y, name);
    }

    private static Place right(double x, double middle, String name) {
        return new Place(x + GAP, middle, x + GAP + CHARACTER * name.length());
    }

    private static Place left(double x, double middle, String name) {
        return new Place(x - GAP - CHARACTER * name.length(), middle, x - GAP);
    }

    private boolean isInside(Place place) {
        return place.left >= leftEdge
                && place.right <= rightEdge
                && place.middle >= LINE / 2
                && place.middle <= lowerEdge - LINE / 2;
    }
}
