package io.micado.simulation;

/**
 * Is asked right before and right after every {@link Effect}, on the thread that brings it about, and may let things go
 * wrong there: kill the {@link VirtualProcess}, or throw a {@link io.micado.api.error.MicadoException} that the program
 * then gets instead of the answer. What it throws before an effect prevents the effect.
 *
 * <pre>{@code
 * effects.inject(FaultInjector.after(17, program::kill));   // the 17th effect happens, but the program never learns it
 * }</pre>
 */
public interface FaultInjector {
    /** Never does anything. */
    FaultInjector NONE = new FaultInjector() {};

    /** Called before the effect. Default: nothing. */
    default void before(Effect effect) {}

    /** Called after an effect that succeeded, before its answer is given. Default: nothing. */
    default void after(Effect effect) {}

    /** {@return runs the action right before the effect of this number} */
    static FaultInjector before(long number, Runnable action) {
        return new FaultInjector() {
            @Override
            public void before(Effect effect) {
                if (effect.number() == number) {
                    action.run();
                }
            }
        };
    }

    /** {@return runs the action right after the effect of this number} */
    static FaultInjector after(long number, Runnable action) {
        return new FaultInjector() {
            @Override
            public void after(Effect effect) {
                if (effect.number() == number) {
                    action.run();
                }
            }
        };
    }
}
