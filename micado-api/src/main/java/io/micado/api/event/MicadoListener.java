package io.micado.api.event;

/**
 * Hears what happens. Called one event after the other on a thread of the engine's own, never on the loop thread; what it
 * throws is logged and stops nothing. A listener that is slower than the events makes the engine drop the oldest and say so.
 */
@FunctionalInterface
public interface MicadoListener {

    /** Hears one event. */
    void onEvent(MicadoEvent event);
}
