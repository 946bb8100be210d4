package io.micado.examples.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LabelPlacesTest {
    private final LabelPlaces places = new LabelPlaces(0, 560, 264);

    @Test
    void aNameStandsRightOfItsPointWhileThereIsRoom() {
        LabelPlaces.Place place = places.near(100, 50, "oracle");

        assertThat(place.left()).isEqualTo(108);
        assertThat(place.middle()).isEqualTo(50);
    }

    @Test
    void atTheRightEdgeItStandsLeft() {
        assertThat(places.near(550, 50, "oracle").right()).isEqualTo(542);
    }

    @Test
    void pointsStayFree() {
        places.keep(120, 50);

        assertThat(places.near(100, 50, "oracle").right()).isEqualTo(92);
    }

    @Test
    void noneCoversAnother() {
        List<LabelPlaces.Place> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            all.add(places.near(200 + i % 3, 150, "target-tracking-70"));
        }

        for (LabelPlaces.Place one : all) {
            assertThat(one.middle()).isBetween(0.0, 264.0);
            assertThat(all.stream()
                            .filter(other -> other != one
                                    && one.left() < other.right()
                                    && other.left() < one.right()
                                    && Math.abs(one.middle() - other.middle()) < 11)
                            .toList())
                    .isEmpty();
        }
    }
}
