package io.micado.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.micado.api.scaling.Bounds;
import org.junit.jupiter.api.Test;

class BudgetTest {
    private static final Bounds ANY = Bounds.of(1, 1000);

    private final Budget budget = new Budget();

    private void pass(int second, double load) {
        budget.pass(second, load, 0.7, 120, 1, 20, ANY);
    }

    @Test
    void theTrackerBesideFollowsTheAutoscalersArithmetic() {
        pass(0, 7);
        assertThat(budget.count()).isEqualTo(10);
        // 7.5 of 10 at 70 % is within ten percent.
        pass(15, 7.5);
        assertThat(budget.count()).isEqualTo(10);
        pass(30, 9.9);
        assertThat(budget.count()).isEqualTo(15);
        // It goes in when the highest of five minutes has passed.
        for (int second = 45; second < 330; second += 15) {
            pass(second, 3.5);
            assertThat(budget.count()).isEqualTo(15);
        }
        pass(330, 3.5);
        assertThat(budget.count()).isEqualTo(5);
    }

    @Test
    void theTrackerSeesNoMoreThanItsOwnWouldServe() {
        for (int second = 0; second < 600; second += 15) {
            pass(second, 7);
        }
        pass(600, 100);

        assertThat(budget.count()).isEqualTo(15);
    }

    @Test
    void whatWasSavedMayBeSpent() {
        for (int second = 0; second < 86_400; second += 15) {
            budget.pass(second, 7, 0.7, 120, 1, 8, ANY);
            budget.asked(8);
        }

        // The tracker runs ten; eight were run, and a fifth more may be spent for a while.
        assertThat(budget.affordable(1)).isCloseTo(10 * 1.2, within(0.01));
    }

    @Test
    void theTrackerBesideKeepsToTheBounds() {
        budget.pass(0, 7, 0.7, 120, 1, 20, Bounds.of(20, 1000));
        assertThat(budget.count()).isEqualTo(20);
        budget.pass(15, 70, 0.7, 120, 1, 20, Bounds.of(1, 25));
        assertThat(budget.count()).isEqualTo(25);
    }

    @Test
    void whatRunsForSomebodyElseIsNoExpense() {
        for (int second = 0; second < 86_400; second += 15) {
            // Ten were recommended, and somebody holds fifty.
            budget.pass(second, 7, 0.7, 120, 1, 50, ANY);
            budget.asked(9);
            budget.recommended(second, 10, 300);
        }

        assertThat(budget.affordable(1)).isCloseTo(9, within(0.2));
    }

    @Test
    void aTrackerWhoseTargetToleratesSaturationGrowsAllTheSame() {
        budget.pass(0, 9.5, 0.95, 120, 1, 10, ANY);
        budget.pass(15, 19, 0.95, 120, 1, 10, ANY);

        assertThat(budget.count()).isEqualTo(20);
    }

    @Test
    void theTrackerBesideKeepsToBoundsThatChangeWhileTheLoadDoesNot() {
        for (int second = 0; second < 600; second += 15) {
            pass(second, 7);
        }
        budget.pass(600, 7, 0.7, 120, 1, 15, Bounds.of(15, 1000));
        assertThat(budget.count()).isEqualTo(15);
        for (int second = 615; second < 1_200; second += 15) {
            budget.pass(second, 7, 0.7, 120, 1, 5, Bounds.of(1, 5));
        }
        assertThat(budget.count()).isEqualTo(5);
    }
}
