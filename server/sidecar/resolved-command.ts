/**
 * Which file a command is, as it stands where the program runs: a name says little when an agent may put a file of that name
 * into a folder of its own. Links are followed. Null where a shell decides what is run, and where nothing of the name is found.
 */
import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';
import { plainWords } from '../base/plain-command.ts';
import type { AgentEvent, PermissionRequest } from '../protocol/agent-event.ts';
import type { ApprovalId } from '../protocol/ids.ts';
import type { AgentAdapter } from './adapter.ts';

export type CommandPlace = {
  /** The agent's folder, for a question that names none. */
  readonly folder: string;
  /** The agent's PATH. */
  readonly path: string;
};

type Emit = (event: AgentEvent) => void;

/** Adds it to questions, and looks again before a yes is handed over: a name may have been given another file meanwhile. */
export class ResolvedCommands {
  readonly #place: CommandPlace;
  readonly #emit: Emit;
  readonly #shown = new Map<ApprovalId, PermissionRequest>();

  constructor(place: CommandPlace, emit: Emit) {
    this.#place = place;
    this.#emit = emit;
  }

  emit(event: AgentEvent): void {
    if (event.type === 'permissionWithdrawn') this.#shown.delete(event.approvalId);
    if (event.type === 'turnEnded') this.#shown.clear();
    if (event.type !== 'permissionAsked') return this.#emit(event);
    const request = { ...event.request, resolved: resolvedCommand(event.request, this.#place) };
    this.#shown.set(event.approvalId, request);
    this.#emit({ ...event, request });
  }

  adapter(adapter: AgentAdapter): AgentAdapter {
    const answer: AgentAdapter['answer'] = (approvalId, decision, message, values) => {
      const shown = this.#shown.get(approvalId);
      if (decision !== 'deny' && shown && resolvedCommand(shown, this.#place) !== shown.resolved)
        return this.#refuse(adapter, approvalId, shown);
      const isDelivered = adapter.answer(approvalId, decision, message, values);
      if (isDelivered) this.#shown.delete(approvalId);
      return isDelivered;
    };
    return {
      open: (session) => adapter.open(session),
      prompt: (prompt) => adapter.prompt(prompt),
      interrupt: () => adapter.interrupt(),
      answer,
      remembers: async (text) => (await adapter.remembers?.(text)) ?? null,
      stop: () => adapter.stop(),
    };
  }

  /** False, as for a question that is not asked any more: what was shown is not what would be run. */
  #refuse(adapter: AgentAdapter, approvalId: ApprovalId, { command }: PermissionRequest): false {
    this.#shown.delete(approvalId);
    const why = 'its program is another file than when you were asked';
    this.#emit({
      type: 'notice',
      level: 'warning',
      text: `The answer about "${command}" was not used, because ${why}. The agent was told no.`,
    });
    adapter.answer(
      approvalId,
      'deny',
      'This was denied, because the program of this command became another file while the person was asked. Ask again.',
    );
    return false;
  }
}

export function resolvedCommand(
  { command, cwd }: Pick<PermissionRequest, 'command' | 'cwd'>,
  { folder, path }: CommandPlace,
): string | null {
  const [program] = (command === null ? null : plainWords(command)) ?? [];
  if (program === undefined) return null;
  const from = resolve(folder, cwd ?? '');
  // A part of PATH that is no whole path counts from the folder, an empty one is the folder.
  const candidates = program.includes('/') ? [resolve(from, program)] : path.split(delimiter).map((part) => resolve(from, part, program));
  for (const candidate of candidates) {
    const file = executableFile(candidate);
    if (file !== null) return file;
  }
  return null;
}

function executableFile(path: string): string | null {
  try {
    accessSync(path, constants.X_OK);
    const file = realpathSync(path);
    return statSync(file).isFile() ? file : null;
  } catch {
    // Not there, or not for this agent: the search goes on, as a shell's does.
    return null;
  }
}
