package io.micado.internal.call;

/** Tells a plug-in's own fault from the JVM's. Called from any thread. Not instantiable. */
public final class Faults {
    private Faults() {}

    /**
     * Passes on what no plug-in can be blamed for, such as that the memory is full. That it called itself without end is its own fault.
     *
     * @param thrown what a plug-in threw
     */
    public static void throwIfOfJvm(Throwable thrown) {
        if (thrown instanceof VirtualMachineError ofJvm && !(thrown instanceof StackOverflowError)) {
            throw ofJvm;
        }
    }
}
