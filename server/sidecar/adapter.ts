/**
 * How the sidecar speaks to an agent, whatever its vendor. An adapter owns one program at a time and turns what it
 * says into `AgentEvent`s; it keeps nothing on disk and never decides for the person.
 */
import type { AgentEvent, Capabilities, Decision, Usage } from '../protocol/agent-event.ts';
import type { FormValues } from '../protocol/form.ts';
import type { ApprovalId, PromptId, TurnId } from '../protocol/ids.ts';
import type { ProgramExit, ProgramStarter } from './program.ts';

/** What Claude Code tells of itself while it works; other programs have none of it. */
export const hookNames = [
  'PermissionRequest',
  'PreCompact',
  'PostCompact',
  'SessionStart',
  'SessionEnd',
  'Stop',
  'StopFailure',
  'SubagentStart',
  'SubagentStop',
  'UserPromptSubmit',
] as const;
export type HookName = (typeof hookNames)[number];

/** Makes the agent go on with its turn, for the reason that it is given. */
export type StopBlock = { readonly block: string };

export type ProgramHooks = {
  /** Answered at once, from memory. Null: the turn may end, and it always may when it was blocked before (`isRepeat`). */
  readonly stop: (input: { readonly isRepeat: boolean }) => StopBlock | null;
  /** The program has shown that it took the last block up. */
  readonly blockTaken?: () => void;
  /** Each hook that the program reports. `answer` is that of a `Stop` which was blocked. */
  readonly observed: (hook: HookName, input: Record<string, unknown>, answer: StopBlock | null) => void;
  /** A hook failed: ours, or one of the person's. */
  readonly failed: (hook: string, detail: string) => void;
};

/** For a program that is only tried: nothing waits for its agent, and nobody looks on. */
export const noHooks: ProgramHooks = { stop: () => null, observed: () => {}, failed: () => {} };

/** A program of ours that the agent's program starts: its tools by the Model Context Protocol, over input and output. */
export type ToolServer = {
  readonly command: string;
  readonly args: readonly string[];
  /** Never a secret: it may stand in the program's arguments. */
  readonly env: Readonly<Record<string, string>>;
  /** What it needs of the agent's environment, for programs that do not pass all of theirs on. */
  readonly passed: readonly string[];
};
export const toolServerName = 'agor';

/** `context` goes beside the text, as what it is about. `joins`: it was told as part of that turn, which runs. */
export type Prompt = {
  readonly promptId: PromptId;
  readonly text: string;
  readonly context?: string | undefined;
  readonly joins?: TurnId;
};

export type AdapterContext = {
  /** Absolute; the program's working directory. */
  readonly projectDir: string;
  /** The agent's own folder: its config, temporary files and the like. Exists. */
  readonly agentDir: string;
  /** Program and arguments; empty means the provider's own program. */
  readonly command: readonly string[];
  /** Environment for the program, complete: nothing of the sidecar's own is added. Holds the secrets. */
  readonly environment: Readonly<Record<string, string>>;
  readonly startProgram: ProgramStarter;
  readonly tools: ToolServer | null;
  readonly hooks: ProgramHooks;
  /** Deltas come as they arrive; the sidecar merges and numbers them. */
  readonly emit: (event: AgentEvent) => void;
  /** The program went away without being asked to; an open turn has been ended as `crashed` before this call. */
  readonly onExit: (detail: string, exit: ProgramExit) => void;
  readonly log: (message: string, fields?: Record<string, unknown>) => void;
};

export type OpenSession = {
  /** Given: go on with this session of the program. */
  readonly providerSessionId: string | null;
  readonly model: string | null;
  /** The session's totals as last told: a program that was killed may have forgotten some of them. */
  readonly usage?: Usage | null;
};

export type OpenedSession = {
  readonly capabilities: Capabilities;
  readonly programPid: number | null;
  readonly programVersion: string | null;
};

export interface AgentAdapter {
  /**
   * Starts the program, if it does not run, and opens a session in it; emits `sessionOpened`. Rejects with an
   * `AgorError` that names the command tried and what to do.
   */
  open(session: OpenSession): Promise<OpenedSession>;
  /** Resolves when the program has been given the prompt; `turnStarted` is emitted before anything else of the turn. */
  prompt(prompt: Prompt): Promise<void>;
  /** Ends the running turn; `turnEnded` with `interrupted` follows. Without a turn it does nothing. */
  interrupt(): Promise<void>;
  /** False when the agent no longer waits for this answer. `values`: of a form. */
  answer(approvalId: ApprovalId, decision: Decision, message: string | null, values?: FormValues): boolean;
  /** Whether the program's own record of the open session holds that text; null where that cannot be known. */
  remembers?(text: string): Promise<boolean | null>;
  /** Ends the program: by its protocol, then end of input, SIGTERM, SIGKILL to its process group. Always resolves. */
  stop(): Promise<void>;
}

export type AdapterFactory = (context: AdapterContext) => AgentAdapter;
