/**
 * Which file a command is, as it stands where the program runs: a name says little when an agent may put a file of that name
 * into a folder of its own. Links are followed. Null where a shell decides what is run, and where nothing of the name is found.
 */
import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';
import { plainWords } from '../base/plain-command.ts';
import type { AgentEvent, PermissionRequest } from '../protocol/agent-event.ts';

export type CommandPlace = {
  /** The agent's folder, for a question that names none. */
  readonly folder: string;
  /** The agent's PATH. */
  readonly path: string;
};

/** Questions with it; every other event as it is. */
export function withResolvedCommand(event: AgentEvent, place: CommandPlace): AgentEvent {
  if (event.type !== 'permissionAsked') return event;
  return { ...event, request: { ...event.request, resolved: resolvedCommand(event.request, place) } };
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
