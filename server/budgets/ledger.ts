/**
 * What agents have spent. It is written in the transaction that takes in the event that tells of it, so each amount is
 * counted once, whatever is killed when. Where a program tells nothing in a turn, an estimate is booked at its end, and
 * taken out again when the program tells after all.
 */
import type { AgentEvent, Usage } from '../protocol/agent-event.ts';
import type { NumberedEvent } from '../protocol/handshake.ts';
import type { AgentId, ProjectId, SessionId, TurnId } from '../protocol/ids.ts';
import type { Item } from '../protocol/session.ts';
import type { RecordFile } from '../store/record-file.ts';
import { dayOf } from './day.ts';
import { type LedgerRow, LedgerStore, type SessionRow, type TurnRow } from './ledger-store.ts';
import { growthOf, toldOf, totalsAfter } from './told-usage.ts';
import { TurnTally } from './turn-tally.ts';

export type LedgerDeps = {
  readonly file: RecordFile;
  /** Of the session, as it was kept before the event that is taken in. */
  readonly knownUsage: (id: SessionId) => Usage | null;
  readonly runningTurn: (id: SessionId) => TurnId | null;
  /** The newest items of the session. */
  readonly items: (id: SessionId) => readonly Item[];
};

export type Source = { readonly agentId: AgentId; readonly projectId: ProjectId };

/** What a turn that runs has used and its program has not told. */
export type Untold = { readonly tokens: number; readonly usd: number; readonly unpricedTokens: number };

const nothing: Untold = { tokens: 0, usd: 0, unpricedTokens: 0 };

export class Ledger {
  readonly #deps: LedgerDeps;
  readonly #store: LedgerStore;
  /** Of each agent, the turn that it works on and the one before, whose end may still have to be booked; the newest last. */
  readonly #tallies = new Map<AgentId, readonly TurnTally[]>();

  constructor(deps: LedgerDeps) {
    this.#deps = deps;
    this.#store = new LedgerStore(deps.file.db);
  }

  /** Before they are taken in: what their turn's end books is complete then. */
  seen({ agentId }: Source, events: readonly NumberedEvent[]): void {
    for (const { event, sessionId } of events) {
      if (event.type === 'turnStarted') this.#begin(agentId, event.turnId, sessionId);
      const tally = this.#tallies.get(agentId)?.at(-1);
      if (tally?.sessionId === sessionId) tally.onEvent(event);
    }
  }

  /** Within the transaction of the event, which comes once. */
  record(source: Source, { event, sessionId, at }: NumberedEvent): void {
    const { agentId, projectId } = source;
    if (event.type === 'usage') return this.#book(source, { usage: event.usage, sessionId, at });
    if (event.type !== 'turnStarted' && event.type !== 'turnEnded') return;
    const open = this.#store.turn(agentId);
    if (open && isOver(open, event)) this.#settle(open, at);
    if (event.type === 'turnEnded' || open?.turnId === event.turnId) return;
    const none = { usdAgent: 0, usdPrices: 0, tokens: 0, unpricedTokens: 0, dated: null };
    this.#store.putTurn({ agentId, projectId, sessionId, turnId: event.turnId, ...none });
  }

  /** At the start: what an earlier backend saw of the turns that run. */
  recall(): void {
    for (const { agentId, turnId, sessionId } of this.#store.turns()) {
      const isRunning = this.#deps.runningTurn(sessionId) === turnId;
      if (isRunning) this.#tallies.set(agentId, [TurnTally.ofItems(turnId, sessionId, this.#deps.items(sessionId))]);
    }
  }

  /** Turns whose end nobody told are over when they no longer run. */
  settleLost(at: number): void {
    const lost = this.#store.turns().filter(({ sessionId, turnId }) => this.#deps.runningTurn(sessionId) !== turnId);
    if (lost.length === 0) return;
    this.#deps.file.write(() => {
      for (const turn of lost) this.#settle(turn, at);
    });
  }

  day(day: string): LedgerRow[] {
    return this.#store.day(day);
  }

  turns(): TurnRow[] {
    return this.#store.turns();
  }

  untold({ agentId, turnId, sessionId, tokens: told, usdAgent, usdPrices }: TurnRow): Untold {
    const tally = this.#tallies.get(agentId)?.find((each) => each.turnId === turnId);
    if (told > 0 || !tally) return nothing;
    const tokens = tally.tokens(this.#deps.knownUsage(sessionId)?.contextTokens ?? null);
    if (usdAgent + usdPrices > 0) return { tokens, usd: 0, unpricedTokens: 0 };
    const rate = this.#store.rate(agentId);
    return rate === null ? { tokens, usd: 0, unpricedTokens: tokens } : { tokens, usd: rate * tokens, unpricedTokens: 0 };
  }

  forget(agentId: AgentId): void {
    this.#tallies.delete(agentId);
    this.#deps.file.write(() => this.#store.removeTurn(agentId));
  }

  #begin(agentId: AgentId, turnId: TurnId, sessionId: SessionId): void {
    const known = this.#tallies.get(agentId) ?? [];
    if (known.some((tally) => tally.turnId === turnId)) return;
    this.#tallies.set(agentId, [...known.slice(-1), new TurnTally(turnId, sessionId)]);
  }

  #book(source: Source, { usage, sessionId, at }: { usage: Usage; sessionId: SessionId; at: number }): void {
    const day = dayOf(at);
    const told = toldOf(usage);
    const before = this.#session(sessionId, day);
    const growth = growthOf(before, told);
    const grown = growth.tokens > 0 ? this.#withoutEstimate(source, before) : before;
    this.#store.putSession({ ...grown, ...totalsAfter(before, told) });
    if (growth.tokens === 0 && growth.usd === 0) return;
    const usd = { usdAgent: told.by === 'agent' ? growth.usd : 0, usdPrices: told.by === 'prices' ? growth.usd : 0 };
    const row = this.#row(day, source);
    const dated = oldest(row.dated, told.dated);
    const { unpricedTokens } = growth;
    this.#store.put({ ...plus(row, { ...usd, tokensAgent: growth.tokens, unpricedTokens }), dated });
    const turn = this.#store.turn(source.agentId);
    if (turn?.sessionId !== sessionId) return;
    this.#store.putTurn({ ...plus(turn, { ...usd, tokens: growth.tokens, unpricedTokens }), dated: oldest(turn.dated, told.dated) });
  }

  /** Of a session from before anything was counted, what it had used until then was not of today. */
  #session(sessionId: SessionId, day: string): SessionRow {
    const kept = this.#store.session(sessionId);
    if (kept) return kept;
    const known = this.#deps.knownUsage(sessionId);
    const totals = known ? totalsAfter({ usd: null, tokens: null }, toldOf(known)) : { usd: null, tokens: null };
    return { sessionId, ...totals, estimatedDay: day, estimatedUsd: 0, estimatedTokens: 0 };
  }

  #withoutEstimate(source: Source, session: SessionRow): SessionRow {
    const { estimatedDay, estimatedUsd, estimatedTokens } = session;
    if (estimatedTokens === 0) return session;
    const row = this.#row(estimatedDay, source);
    const unpricedTokens = estimatedUsd === 0 ? -estimatedTokens : 0;
    this.#store.put(plus(row, { usdEstimate: -estimatedUsd, tokensEstimate: -estimatedTokens, unpricedTokens }));
    return { ...session, estimatedUsd: 0, estimatedTokens: 0 };
  }

  #settle(turn: TurnRow, at: number): void {
    const day = dayOf(at);
    const { tokens, usd, unpricedTokens } = this.untold(turn);
    this.#store.removeTurn(turn.agentId);
    if (tokens === 0) return;
    this.#store.put(plus(this.#row(day, turn), { usdEstimate: usd, tokensEstimate: tokens, unpricedTokens }));
    const session = this.#session(turn.sessionId, day);
    const before = session.estimatedDay === day ? session : { estimatedUsd: 0, estimatedTokens: 0 };
    const estimated = { estimatedUsd: before.estimatedUsd + usd, estimatedTokens: before.estimatedTokens + tokens };
    this.#store.putSession({ ...session, estimatedDay: day, ...estimated });
  }

  #row(day: string, { agentId, projectId }: Source): LedgerRow {
    const none = { usdAgent: 0, usdPrices: 0, usdEstimate: 0, tokensAgent: 0, tokensEstimate: 0, unpricedTokens: 0, dated: null };
    return this.#store.row(day, agentId) ?? { day, agentId, projectId, ...none };
  }
}

/** A turn that begins ends the one before, whose end was lost. */
function isOver(open: TurnRow, event: Extract<AgentEvent, { type: 'turnStarted' | 'turnEnded' }>): boolean {
  return (event.type === 'turnEnded') === (event.turnId === open.turnId);
}

function plus<Row extends object>(row: Row, more: { readonly [K in keyof Row]?: number }): Row {
  const sums = Object.entries(more).map(([name, amount]) => [name, Math.max(0, Number(row[name as keyof Row]) + Number(amount))]);
  // The names are the row's own, and so are the numbers.
  return { ...row, ...(Object.fromEntries(sums) as Partial<Row>) };
}

function oldest(one: string | null, other: string | null): string | null {
  return one === null || other === null ? (one ?? other) : one < other ? one : other;
}
