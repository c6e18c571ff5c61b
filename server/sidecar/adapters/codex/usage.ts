/**
 * The session's totals. Codex counts tokens itself and goes on counting after a resume; which model used them, and so
 * what they cost, it does not say: that is kept here, by model.
 */
import type { ModelTokens, Usage } from '../../../protocol/agent-event.ts';
import type { Tokens } from './messages.ts';

type Told = { readonly total: Tokens; readonly last?: Tokens | null | undefined; readonly modelContextWindow?: number | null | undefined };

export class SessionUsage {
  #byModel: readonly ModelTokens[];
  #model: string | null = null;

  /** What is known of a session that goes on. */
  constructor(known: Usage | null) {
    this.#byModel = known?.byModel ?? [];
  }

  /** From here on this one is used. */
  usesModel(model: string | null): void {
    this.#model = model;
  }

  /** After a kill it may have forgotten some: what was told of before stays. */
  counted({ total, last, modelContextWindow }: Told): Usage {
    this.#byModel = withMore(this.#byModel, this.#model ?? '', tokensOf(total));
    const sum = sumOf(this.#byModel);
    return {
      ...sum,
      contextTokens: last ? last.inputTokens : null,
      contextWindowTokens: modelContextWindow ?? null,
      costUsd: null,
      byModel: [...this.#byModel],
    };
  }
}

type Counts = Omit<ModelTokens, 'model'>;
const none: Counts = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 };

/** What it calls input has the cached part in it. */
function tokensOf({ inputTokens, cachedInputTokens, cacheWriteInputTokens, outputTokens }: Tokens): Counts {
  return {
    inputTokens: Math.max(0, inputTokens - cachedInputTokens - cacheWriteInputTokens),
    outputTokens,
    cacheReadTokens: cachedInputTokens,
    cacheWriteTokens: cacheWriteInputTokens,
  };
}

function withMore(byModel: readonly ModelTokens[], model: string, total: Counts): ModelTokens[] {
  const before = sumOf(byModel);
  const more = mapCounts((name) => Math.max(0, total[name] - before[name]));
  if (Object.values(more).every((tokens) => tokens === 0)) return [...byModel];
  const known = byModel.find((each) => each.model === model) ?? { model, ...none };
  const grown = { model, ...mapCounts((name) => known[name] + more[name]) };
  return [...byModel.filter((each) => each.model !== model), grown];
}

function sumOf(byModel: readonly ModelTokens[]): Counts {
  return mapCounts((name) => byModel.reduce((sum, each) => sum + each[name], 0));
}

function mapCounts(count: (name: keyof Counts) => number): Counts {
  return {
    inputTokens: count('inputTokens'),
    outputTokens: count('outputTokens'),
    cacheReadTokens: count('cacheReadTokens'),
    cacheWriteTokens: count('cacheWriteTokens'),
  };
}
