package io.micado.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class BudgetTest {
    private final Budget budget = new Budget();

    private void pass(int second, double load) {
        budget.pass(second, load, 0.7, 120, 1, 20);
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
            budget.pass(second, 7, 0.7, 120, 1, 8);
            budget.asked(8);
        }

        // The tracker runs ten; eight were run, and a fifth more may be spent for a while.
        assertThat(budget.affordable(1)).isCloseTo(10 * 1.2, within(0.01));
    }
}
