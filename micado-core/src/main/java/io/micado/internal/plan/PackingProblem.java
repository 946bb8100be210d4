package io.micado.internal.plan;

/**
 * Tasks to pack and workers to buy for them, as plain numbers: kinds of tasks and kinds of workers, each known by its index. Made by
 * {@link BinPacking} for {@link CheapestPacking}. Immutable by agreement: nobody changes the arrays.
 *
 * @param cpu what a task of each kind reserves
 * @param memory what a task of each kind reserves, in bytes
 * @param demand how many tasks of each kind there are
 * @param most how many tasks of each kind one worker takes at most
 * @param workers what can be bought
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record PackingProblem(double[] cpu, double[] memory, int[] demand, int[] most, WorkerKind[] workers) {
    private static final double ROUNDING = 1e-9;

    /**
     * A kind of worker.
     *
     * @param cpu what tasks may reserve on one
     * @param memory what tasks may reserve on one, in bytes
     * @param price what one costs
     * @param takes whether one takes tasks of each kind
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record WorkerKind(double cpu, double memory, double price, boolean[] takes) {}

    /**
     * What one worker is filled with. Immutable by agreement.
     *
     * @param worker the kind of worker
     * @param tasks how many tasks of each kind
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Filling(int worker, int[] tasks) {}

    /** {@return the problem of some kinds of tasks alone, in their order, of which so many are left by all kinds} */
    PackingProblem of(int[] some, int[] left) {
        double[] someCpu = new double[some.length];
        double[] someMemory = new double[some.length];
        int[] someDemand = new int[some.length];
        int[] someMost = new int[some.length];
        for (int i = 0; i < some.length; i++) {
            someCpu[i] = cpu[some[i]];
            someMemory[i] = memory[some[i]];
            someDemand[i] = left[some[i]];
            someMost[i] = most[some[i]];
        }
        WorkerKind[] same = new WorkerKind[workers.length];
        for (int worker = 0; worker < workers.length; worker++) {
            boolean[] takes = new boolean[some.length];
            for (int i = 0; i < some.length; i++) {
                takes[i] = workers[worker].takes()[some[i]];
            }
            same[worker] =
                    new WorkerKind(workers[worker].cpu(), workers[worker].memory(), workers[worker].price(), takes);
        }
        return new PackingProblem(someCpu, someMemory, someDemand, someMost, same);
    }

    /** {@return how many kinds of tasks there are} */
    int kinds() {
        return cpu.length;
    }

    /** {@return what a filling costs} */
    double price(Filling filling) {
        return workers[filling.worker()].price();
    }

    /** {@return how many tasks of a kind fit on a worker that has so much free} */
    int fitting(int worker, int task, double freeCpu, double freeMemory) {
        if (isTooBig(cpu[task], memory[task], freeCpu, freeMemory)
                || !workers[worker].takes()[task]) {
            return 0;
        }
        double count = most[task];
        if (cpu[task] > 0) {
            count = Math.min(count, Math.floor((freeCpu + ROUNDING) / cpu[task]));
        }
        if (memory[task] > 0) {
            count = Math.min(count, Math.floor((freeMemory + ROUNDING) / memory[task]));
        }
        return (int) Math.max(0, count);
    }

    /** {@return whether a task that reserves this surely does not fit where so much is free: quicker to tell than how many fit} */
    static boolean isTooBig(double cpu, double memory, double freeCpu, double freeMemory) {
        return cpu > Math.max(0, freeCpu) + ROUNDING || memory > Math.max(0, freeMemory) + ROUNDING;
    }

    /** {@return whether a worker of a kind takes all these tasks} */
    boolean fits(int worker, int[] tasks) {
        double freeCpu = workers[worker].cpu() + ROUNDING;
        double freeMemory = workers[worker].memory() + ROUNDING;
        for (int task = 0; task < tasks.length; task++) {
            if (tasks[task] > 0) {
                if (!workers[worker].takes()[task] || tasks[task] > most[task]) {
                    return false;
                }
                freeCpu -= cpu[task] * tasks[task];
                freeMemory -= memory[task] * tasks[task];
            }
        }
        return freeCpu >= 0 && freeMemory >= 0;
    }
}
