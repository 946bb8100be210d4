package io.micado.internal.plan;

import io.micado.api.scaling.Rule;

/**
 * Why something is not done. Immutable.
 *
 * @param rule the rule that says so
 * @param text why, for people
 */
record Note(Rule rule, String text) {}
