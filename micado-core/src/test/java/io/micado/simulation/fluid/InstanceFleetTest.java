package io.micado.simulation.fluid;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class InstanceFleetTest {

    @Test
    void whatIsUnderWayArrivesThoughOthersFail() {
        InstanceFleet fleet = new InstanceFleet(4, 100);
        fleet.scaleTo(6, 50);

        fleet.fail(2, 60);

        assertThat(fleet.count()).isEqualTo(6);
        assertThat(fleet.ready()).isEqualTo(2);
        assertThat(fleet.nextReadyAt()).isEqualTo(150);
        fleet.advanceTo(150);
        assertThat(fleet.ready()).isEqualTo(4);
        assertThat(fleet.nextReadyAt()).isEqualTo(160);
        fleet.advanceTo(160);
        assertThat(fleet.ready()).isEqualTo(6);
        // Six that stayed and two that failed, each with the hour that it began.
        assertThat(fleet.startedHours(200)).isEqualTo(8);
    }

    @Test
    void noMoreFailThanServe() {
        InstanceFleet fleet = new InstanceFleet(2, 100);
        fleet.scaleTo(3, 0);

        fleet.fail(5, 10);

        assertThat(fleet.ready()).isZero();
        assertThat(fleet.nextReadyAt()).isEqualTo(100);
        fleet.advanceTo(110);
        assertThat(fleet.ready()).isEqualTo(3);
    }
}
