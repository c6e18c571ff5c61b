/** The rows of what was spent: each agent's days, how much of each session is in them, and the turns that run. */
import type { AgentId, ProjectId, SessionId, TurnId } from '../protocol/ids.ts';
import type { Database } from '../store/open-database.ts';
import { rowHash } from '../store/row-hash.ts';
import type { SessionTotals } from './told-usage.ts';

export type LedgerRow = {
  readonly day: string;
  readonly agentId: AgentId;
  readonly projectId: ProjectId;
  readonly usdAgent: number;
  readonly usdPrices: number;
  readonly usdEstimate: number;
  readonly tokensAgent: number;
  readonly tokensEstimate: number;
  readonly unpricedTokens: number;
  readonly dated: string | null;
};

export type SessionRow = SessionTotals & {
  readonly sessionId: SessionId;
  readonly estimatedDay: string;
  readonly estimatedUsd: number;
  readonly estimatedTokens: number;
};

export type TurnRow = {
  readonly agentId: AgentId;
  readonly projectId: ProjectId;
  readonly sessionId: SessionId;
  readonly turnId: TurnId;
  readonly usdAgent: number;
  readonly usdPrices: number;
  readonly tokens: number;
  readonly unpricedTokens: number;
  readonly dated: string | null;
};

const ledgerColumns = `day, agent_id as agentId, project_id as projectId, usd_agent as usdAgent, usd_prices as usdPrices,
  usd_estimate as usdEstimate, tokens_agent as tokensAgent, tokens_estimate as tokensEstimate, unpriced_tokens as unpricedTokens, dated`;
const turnColumns = `agent_id as agentId, project_id as projectId, session_id as sessionId, turn_id as turnId, usd_agent as usdAgent,
  usd_prices as usdPrices, tokens, unpriced_tokens as unpricedTokens, dated`;

export class LedgerStore {
  readonly #day;
  readonly #row;
  readonly #put;
  readonly #session;
  readonly #putSession;
  readonly #turns;
  readonly #turn;
  readonly #putTurn;
  readonly #removeTurn;
  readonly #rate;

  constructor(db: Database) {
    this.#day = db.prepare<[string], LedgerRow>(`select ${ledgerColumns} from budget_ledger where day = ?`);
    this.#row = db.prepare<[string, string], LedgerRow>(`select ${ledgerColumns} from budget_ledger where day = ? and agent_id = ?`);
    this.#put = db.prepare(
      'insert or replace into budget_ledger values (:day, :agentId, :projectId, :usdAgent, :usdPrices, :usdEstimate, :tokensAgent, :tokensEstimate, :unpricedTokens, :dated, :rowHash)',
    );
    this.#session = db.prepare<[string], SessionRow>(
      `select session_id as sessionId, usd, tokens, estimated_day as estimatedDay, estimated_usd as estimatedUsd,
         estimated_tokens as estimatedTokens from budget_sessions where session_id = ?`,
    );
    this.#putSession = db.prepare(
      'insert or replace into budget_sessions values (:sessionId, :usd, :tokens, :estimatedDay, :estimatedUsd, :estimatedTokens, :rowHash)',
    );
    this.#turns = db.prepare<[], TurnRow>(`select ${turnColumns} from budget_turns`);
    this.#turn = db.prepare<[string], TurnRow>(`select ${turnColumns} from budget_turns where agent_id = ?`);
    this.#putTurn = db.prepare(
      'insert or replace into budget_turns values (:agentId, :projectId, :sessionId, :turnId, :usdAgent, :usdPrices, :tokens, :unpricedTokens, :dated, :rowHash)',
    );
    this.#removeTurn = db.prepare<[string]>('delete from budget_turns where agent_id = ?');
    this.#rate = db
      .prepare<[string], number | null>(
        `select sum(usd_agent + usd_prices) / sum(tokens_agent) from budget_ledger
         where agent_id = ? and tokens_agent > 0 and unpriced_tokens = 0 and tokens_estimate = 0`,
      )
      .pluck();
  }

  day(day: string): LedgerRow[] {
    return this.#day.all(day);
  }

  row(day: string, agentId: AgentId): LedgerRow | undefined {
    return this.#row.get(day, agentId);
  }

  put(row: LedgerRow): void {
    const { day, agentId, projectId, usdAgent, usdPrices, usdEstimate, tokensAgent, tokensEstimate, unpricedTokens, dated } = row;
    const cells = [day, agentId, projectId, usdAgent, usdPrices, usdEstimate, tokensAgent, tokensEstimate, unpricedTokens, dated];
    this.#put.run({ ...row, rowHash: rowHash(cells) });
  }

  session(id: SessionId): SessionRow | undefined {
    return this.#session.get(id);
  }

  putSession(row: SessionRow): void {
    const { sessionId, usd, tokens, estimatedDay, estimatedUsd, estimatedTokens } = row;
    this.#putSession.run({ ...row, rowHash: rowHash([sessionId, usd, tokens, estimatedDay, estimatedUsd, estimatedTokens]) });
  }

  turns(): TurnRow[] {
    return this.#turns.all();
  }

  turn(agentId: AgentId): TurnRow | undefined {
    return this.#turn.get(agentId);
  }

  putTurn(row: TurnRow): void {
    const { agentId, projectId, sessionId, turnId, usdAgent, usdPrices, tokens, unpricedTokens, dated } = row;
    const cells = [agentId, projectId, sessionId, turnId, usdAgent, usdPrices, tokens, unpricedTokens, dated];
    this.#putTurn.run({ ...row, rowHash: rowHash(cells) });
  }

  removeTurn(agentId: AgentId): void {
    this.#removeTurn.run(agentId);
  }

  /** US dollars for a token, over the days of which all was told; null where nothing was. */
  rate(agentId: AgentId): number | null {
    const rate = this.#rate.get(agentId) ?? null;
    return rate !== null && rate > 0 ? rate : null;
  }
}
