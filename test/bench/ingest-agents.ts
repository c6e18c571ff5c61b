/**
 * The sidecars' part in a process of its own, so that only the backend's part is on the measured event loop: started with
 * what the agents' program is told, it opens as many agents as it is sent sessions, and speaks for them over IPC.
 */
import { type ChildProcess, fork } from 'node:child_process';
import type { AgentEvent } from '../../server/protocol/agent-event.ts';
import type { SessionId } from '../../server/protocol/ids.ts';
import type { SentEvent } from '../../server/sidecar/sent-events.ts';
import { type Door, IngestedAgent } from './ingest-path.ts';

type ToAgents =
  | { readonly sessions: readonly SessionId[] }
  | { readonly turn: true }
  | { readonly call: number; readonly ackedSeq: number };
type FromAgents =
  | { readonly isReady: true }
  | { readonly areOver: true }
  | { readonly agent: number; readonly call: number; readonly events: readonly SentEvent[] }
  | { readonly agent: number; readonly event: AgentEvent };

const [marker, program, environment] = process.argv.slice(2);

/** For the process that is measured. */
export class AgentsElsewhere {
  readonly #child: ChildProcess;
  readonly #doors: readonly Door[];
  #awaited: (() => void) | undefined;

  constructor(doors: readonly Door[], agentProgram: string, agentEnvironment: Record<string, string>) {
    this.#doors = doors;
    this.#child = fork(import.meta.filename, ['agents', agentProgram, JSON.stringify(agentEnvironment)]);
    this.#child.on('message', (message: FromAgents) => void this.#heard(message));
  }

  start(): Promise<void> {
    return this.#ask({ sessions: this.#doors.map(({ sessionId }) => sessionId) });
  }

  /** Resolves when the turns of all have been taken in. */
  turns(): Promise<void> {
    return this.#ask({ turn: true });
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.disconnect();
    await ended;
  }

  #ask(message: ToAgents): Promise<void> {
    const answered = new Promise<void>((resolve) => {
      this.#awaited = resolve;
    });
    this.#child.send(message);
    return answered;
  }

  async #heard(message: FromAgents): Promise<void> {
    if ('isReady' in message || 'areOver' in message) return this.#awaited?.();
    const door = this.#doors[message.agent];
    if ('event' in message) return door?.stream(message.event);
    const answer = await door?.take(message.events);
    if (answer && this.#child.connected) this.#child.send({ call: message.call, ackedSeq: answer.ackedSeq } satisfies ToAgents);
  }
}

if (marker === 'agents' && program !== undefined) serve(program);

function serve(agentProgram: string): void {
  const waiting = new Map<number, (answer: { ackedSeq: number }) => void>();
  let agents: IngestedAgent[] = [];
  let calls = 0;
  const tell = (message: FromAgents) => process.send?.(message);
  const door = (sessionId: SessionId, agent: number): Door => ({
    sessionId,
    take: (events) =>
      new Promise((resolve) => {
        calls += 1;
        waiting.set(calls, resolve);
        tell({ agent, call: calls, events });
      }),
    stream: (event) => tell({ agent, event }),
  });
  const heard = async (message: ToAgents): Promise<void> => {
    if ('call' in message) {
      waiting.get(message.call)?.({ ackedSeq: message.ackedSeq });
      waiting.delete(message.call);
    } else if ('sessions' in message) {
      const told = JSON.parse(environment ?? '{}');
      agents = message.sessions.map((id, agent) => new IngestedAgent(door(id, agent), [process.execPath, agentProgram], told));
      await Promise.all(agents.map((agent) => agent.start()));
      tell({ isReady: true });
    } else {
      await Promise.all(agents.map((agent) => agent.turn()));
      tell({ areOver: true });
    }
  };
  process.on('message', (message: ToAgents) => void heard(message));
  process.once('disconnect', async () => {
    await Promise.all(agents.map((agent) => agent.close()));
    process.exit();
  });
}
