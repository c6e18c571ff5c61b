/**
 * What can be said about the life of each agent: when it was last heard, whether that was anything new, and what its turn
 * waits for. Moments are the clock's `elapsed`; of what an earlier backend heard nothing is known, so silence counts anew.
 */
import type { Clock } from '../base/clock.ts';
import { Emitter } from '../base/emitter.ts';
import type { Agent } from '../protocol/agent.ts';
import type { AgentEvent } from '../protocol/agent-event.ts';
import type { AgentId, SessionId } from '../protocol/ids.ts';
import type { Sessions } from './sessions.ts';

export type ActivityFactsDeps = {
  readonly clock: Clock;
  readonly view: (id: AgentId) => Pick<Agent, 'state' | 'stateDetail' | 'sessionId' | 'usage' | 'openApprovals'>;
  /** Of its program and its turn. */
  readonly status: (id: AgentId) => { readonly isUp: boolean; readonly hasTurn: boolean; readonly turnSession: SessionId | undefined };
  readonly sessions: Pick<Sessions, 'has' | 'get' | 'page' | 'openToolCount'>;
};

type Life = {
  lastLifeAt: number;
  lastNewsAt: number;
  repeats: number;
  retryAt: number;
  hadTurn: boolean;
  /** What it said and did lately, each once, oldest first. */
  readonly said: string[];
};

/** Of how its last turn went, as long as the session has so many items. */
type Ending = { readonly sessionId: SessionId; readonly itemCount: number; readonly failure: string | null };

/** Told by the sidecar, whatever the agent does. */
const noLife: ReadonlySet<AgentEvent['type']> = new Set([
  'fenced',
  'programEnded',
  'protocolError',
  'protectedChanged',
  'secretWithheld',
  'mailGiven',
]);
/** A loop of more different steps than this is not seen as one. */
const rememberedSayings = 8;
const sayingChars = 1_000;
/** A turn's end is followed by a notice or a prompt that waits, if by anything. */
const lastItems = 8;

export class ActivityFacts {
  /** The agent wrote or did something. */
  readonly alive = new Emitter<AgentId>();
  readonly #deps: ActivityFactsDeps;
  readonly #lives = new Map<AgentId, Life>();
  readonly #endings = new Map<AgentId, Ending>();

  constructor(deps: ActivityFactsDeps) {
    this.#deps = deps;
  }

  of(id: AgentId) {
    const { view, status, sessions } = this.#deps;
    const { state, stateDetail, sessionId, usage, openApprovals } = view(id);
    const { isUp, hasTurn, turnSession } = status(id);
    const shownSession = turnSession ?? sessionId;
    const failure = state === 'failed' ? stateDetail : hasTurn || !shownSession ? null : this.#failureOf(id, shownSession);
    const { lastLifeAt, lastNewsAt, repeats, retryAt } = this.#lifeOf(id, hasTurn);
    const openTools = sessions.openToolCount(id);
    return {
      ...{ state, failure, sessionId: shownSession, usage, isUp, hasTurn },
      ...{ lastLifeAt, lastNewsAt, repeats, retryAt },
      waitsForAnswer: openApprovals > 0,
      hasOpenTools: openTools > 0,
      openTools,
    };
  }

  /** In the order it happened. */
  onEvent(id: AgentId, event: AgentEvent): void {
    if (noLife.has(event.type)) return;
    const { clock } = this.#deps;
    const life = this.#known(id);
    life.lastLifeAt = clock.elapsed();
    if (event.type === 'retry') life.retryAt = clock.elapsed() + event.delayMs;
    else if (event.type !== 'usage') life.retryAt = Number.NEGATIVE_INFINITY;
    if (event.type === 'turnStarted') this.#hearNews(life);
    const saying = sayingOf(event);
    if (saying !== undefined) this.#hear(life, saying);
    this.alive.emit(id);
  }

  /** By another way than its events: a heartbeat, or the answer it waited for. */
  sawLife(id: AgentId): void {
    this.#known(id).lastLifeAt = this.#deps.clock.elapsed();
  }

  forget(id: AgentId): void {
    this.#lives.delete(id);
    this.#endings.delete(id);
  }

  #hear(life: Life, saying: string): void {
    if (life.said.includes(saying)) {
      life.repeats += 1;
      return;
    }
    this.#hearNews(life);
    life.said.push(saying);
    if (life.said.length > rememberedSayings) life.said.shift();
  }

  #hearNews(life: Life): void {
    life.lastNewsAt = this.#deps.clock.elapsed();
    life.repeats = 0;
  }

  /** From the prompt on that it was given, it has its time to begin. */
  #lifeOf(id: AgentId, hasTurn: boolean): Life {
    const life = this.#known(id);
    if (hasTurn && !life.hadTurn) this.sawLife(id);
    life.hadTurn = hasTurn;
    return life;
  }

  #known(id: AgentId): Life {
    const now = this.#deps.clock.elapsed();
    const nothingYet = { lastLifeAt: now, lastNewsAt: now, repeats: 0, retryAt: Number.NEGATIVE_INFINITY, hadTurn: false, said: [] };
    const life = this.#lives.get(id) ?? nothingYet;
    this.#lives.set(id, life);
    return life;
  }

  /** From the transcript, so that it outlives the backend that saw it. */
  #failureOf(id: AgentId, sessionId: SessionId): string | null {
    const { sessions } = this.#deps;
    if (!sessions.has(sessionId)) return null;
    const { itemCount } = sessions.get(sessionId);
    const known = this.#endings.get(id);
    if (known?.sessionId === sessionId && known.itemCount === itemCount) return known.failure;
    const end = sessions.page(sessionId, undefined, lastItems).items.findLast((item) => item.kind === 'turnEnd');
    const isError = end?.kind === 'turnEnd' && (end.reason === 'failed' || end.reason === 'crashed');
    const failure = isError ? (end.failure?.message ?? `its last turn ${end.reason}`) : null;
    this.#endings.set(id, { sessionId, itemCount, failure });
    return failure;
  }
}

/** What can be a repetition of what was said before; undefined for what says nothing by itself. */
function sayingOf(event: AgentEvent): string | undefined {
  if (event.type === 'text' || event.type === 'thinking') return `${event.type} ${event.text.slice(0, sayingChars)}`;
  if (event.type !== 'toolStarted') return undefined;
  return `${event.type} ${event.name} ${JSON.stringify(event.input)?.slice(0, sayingChars)}`;
}
