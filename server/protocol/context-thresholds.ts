/** From which share of its context window on an agent is under pressure, for whoever counts it and whoever shows it. */
export const contextThresholds = { warning: 0.75, critical: 0.9 } as const;

/** The context window of an agent that does not tell its size. */
export const defaultContextTokens = 200_000;
