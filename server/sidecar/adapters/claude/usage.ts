/**
 * The session's totals. The program counts them itself and goes on counting after a resume, but it saves its count only
 * when it ends in order: after a kill it goes back to an older one. What was known before is then added, so that the
 * totals that people see never shrink.
 */
import type { Usage } from '../../../protocol/agent-event.ts';
import type { ModelUsage, ResultLine, TokenUsage } from './lines.ts';

/** The counts that only grow. */
type Counts = Record<'inputTokens' | 'outputTokens' | 'cacheReadTokens' | 'cacheWriteTokens' | 'costUsd', number>;

/** Not for every answer: each is kept on disk. */
const worthTellingTokens = 2_000;

const nothingTold: Usage = {
  ...{ inputTokens: null, outputTokens: null, cacheReadTokens: null, cacheWriteTokens: null },
  ...{ contextTokens: null, contextWindowTokens: null, costUsd: null },
};

export class SessionUsage {
  /** What was known when this run began, until its first result shows how much of that the program still counts. */
  #known: Usage | null;
  #forgotten: Counts | null = null;
  #latest: Usage | null = null;
  #model: string | null = null;
  #contextTokens: number | null = null;
  #toldContext = 0;

  constructor(known: Usage | null) {
    this.#known = known;
    this.#contextTokens = known?.contextTokens ?? null;
  }

  /**
   * The newest answer of the main conversation shows what was in the model's context. That is told while the turn runs,
   * so that it can be estimated what the turn uses; what it did use the program tells with its result.
   */
  answered(model: string | undefined, usage: TokenUsage | undefined): Usage | null {
    this.#model = model ?? this.#model;
    this.#contextTokens = usage ? contextTokensOf(usage) : this.#contextTokens;
    const contextTokens = this.#contextTokens;
    if (contextTokens === null || Math.abs(contextTokens - this.#toldContext) < worthTellingTokens) return null;
    this.#toldContext = contextTokens;
    const told = this.#latest ?? this.#known;
    return { ...(told ?? nothingTold), contextTokens };
  }

  resulted(line: ResultLine): Usage | null {
    if (!line.modelUsage) return null;
    const total = totalOf(Object.values(line.modelUsage), line.total_cost_usd);
    if (this.#known) {
      this.#forgotten = forgottenOf(this.#known, total, totalOf(Object.values(line.model_usage_since_last_result ?? {})));
      this.#known = null;
    }
    const main = (this.#model === null ? undefined : line.modelUsage[this.#model]) ?? Object.values(line.modelUsage)[0];
    this.#latest = {
      ...(this.#forgotten ? added(total, this.#forgotten) : total),
      contextTokens: this.#contextTokens,
      contextWindowTokens: main?.contextWindow ?? this.#latest?.contextWindowTokens ?? null,
    };
    return this.#latest;
  }

  /** The context was made smaller between two answers. */
  compacted(contextTokens: number | null): Usage | null {
    this.#contextTokens = contextTokens;
    if (this.#latest) this.#latest = { ...this.#latest, contextTokens };
    return this.#latest;
  }
}

/** What the model had before it when it gave this answer. */
function contextTokensOf(usage: TokenUsage): number {
  return (usage.input_tokens ?? 0) + (usage.cache_read_input_tokens ?? 0) + (usage.cache_creation_input_tokens ?? 0);
}

/** Without the turn that just ended, the program's count should be what was known before. */
function forgottenOf(known: Usage, total: Counts, turn: Counts): Counts {
  return mapCounts((name) => Math.max(0, (known[name] ?? 0) - (total[name] - turn[name])));
}

function totalOf(models: readonly ModelUsage[], costUsd?: number): Counts {
  const sum = (pick: (usage: ModelUsage) => number | undefined) => models.reduce((total, usage) => total + (pick(usage) ?? 0), 0);
  return {
    inputTokens: sum((usage) => usage.inputTokens),
    outputTokens: sum((usage) => usage.outputTokens),
    cacheReadTokens: sum((usage) => usage.cacheReadInputTokens),
    cacheWriteTokens: sum((usage) => usage.cacheCreationInputTokens),
    costUsd: costUsd ?? sum((usage) => usage.costUSD),
  };
}

function added(one: Counts, other: Counts): Counts {
  return mapCounts((name) => one[name] + other[name]);
}

function mapCounts(count: (name: keyof Counts) => number): Counts {
  return {
    inputTokens: count('inputTokens'),
    outputTokens: count('outputTokens'),
    cacheReadTokens: count('cacheReadTokens'),
    cacheWriteTokens: count('cacheWriteTokens'),
    costUsd: count('costUsd'),
  };
}
