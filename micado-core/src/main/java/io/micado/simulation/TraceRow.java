package io.micado.simulation;

/**
 * A line of a trace that was understood. Immutable.
 *
 * @param second the time, in seconds
 * @param rate how much is asked for from then on
 * @param line where it stands, from 1 on
 */
record TraceRow(long second, double rate, int line) {}
