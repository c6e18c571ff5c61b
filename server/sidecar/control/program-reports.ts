/** What a program says of itself through its hooks, told to whoever looks on: display only, and never given to a program. */
import type { Clock } from '../../base/clock.ts';
import type { MonitorLine, ReportedStatus } from '../../protocol/monitor.ts';
import type { HookName, StopBlock } from '../adapter.ts';
import type { SessionReport } from './routes.ts';

type ProgramReportsDeps = {
  readonly clock: Clock;
  readonly tell: (line: () => MonitorLine) => void;
  readonly note: (level: 'debug' | 'info', message: string, fields: Record<string, unknown>) => void;
  /** Takes the agent's secrets out. */
  readonly mask: (text: string) => string;
  readonly turnRuns: () => boolean;
};

const mostToldChars = 4_000;

/** Every end of a turn clears what a program said of being busy, however it ended; only a blocked one goes on. */
const statusAfter: Partial<Record<HookName, ReportedStatus>> = {
  UserPromptSubmit: 'busy',
  Stop: 'idle',
  StopFailure: 'idle',
  SessionStart: 'idle',
  SessionEnd: 'offline',
};

export class ProgramReports {
  readonly #deps: ProgramReportsDeps;
  #status: ReportedStatus | null = null;
  #transcriptPath: string | null = null;

  constructor(deps: ProgramReportsDeps) {
    this.#deps = deps;
  }

  /** Null when it never said. */
  get status(): ReportedStatus | null {
    return this.#status;
  }

  /** A hook by the program's own protocol. */
  hook(hook: HookName, input: Record<string, unknown>, answer: StopBlock | null): void {
    const said = answer === null ? statusAfter[hook] : 'busy';
    // A summary in mid-turn begins the session anew and ends nothing.
    if (said !== undefined && !(hook === 'SessionStart' && this.#deps.turnRuns())) this.is(said);
    this.#deps.note('debug', 'the program reports a hook', { hook, isBlocked: answer !== null });
    const report = {
      transcriptPath: text(input.transcript_path),
      reason: text(input.reason),
      lastMessage: text(input.last_assistant_message),
    };
    if (hook === 'UserPromptSubmit') this.userPrompt(text(input.prompt) ?? '');
    else if (hook === 'Stop' && answer === null) this.sessionTurn(report);
    else if (hook === 'SessionEnd') this.sessionEnd(report);
  }

  is(status: ReportedStatus): void {
    const { clock, note, tell, turnRuns } = this.#deps;
    this.#status = status;
    note('debug', 'the program says how it is', { status, turnRuns: turnRuns() });
    tell(() => ({ kind: 'status', at: clock.now(), status }));
  }

  userPrompt(prompt: string): void {
    this.#deps.note('debug', 'the program was given a prompt', { chars: prompt.length });
    this.#tell('userPrompt', prompt);
  }

  sessionTurn(turn: SessionReport): void {
    this.#deps.note('debug', 'the program ended a turn', { transcriptPath: this.#transcriptOf(turn) });
    this.#tell('sessionTurn', turn.lastMessage ?? '');
  }

  /** Returns the transcript that is meant, which may be one that was named before. */
  sessionEnd(end: SessionReport): string | null {
    const transcriptPath = this.#transcriptOf(end);
    this.#deps.note('info', 'the program ended its session', { reason: this.#deps.mask(end.reason ?? ''), transcriptPath });
    this.#tell('sessionEnd', end.reason ?? '');
    return transcriptPath;
  }

  /** The last one that was named stands where none is. */
  #transcriptOf({ transcriptPath }: SessionReport): string | null {
    this.#transcriptPath = transcriptPath ?? this.#transcriptPath;
    return this.#transcriptPath;
  }

  #tell(what: Extract<MonitorLine, { kind: 'report' }>['what'], said: string): void {
    const { clock, mask, tell } = this.#deps;
    tell(() => ({ kind: 'report', at: clock.now(), what, text: mask(said).slice(0, mostToldChars) }));
  }
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
