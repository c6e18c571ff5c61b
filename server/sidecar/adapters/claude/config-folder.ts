/**
 * The config folder of one agent's Claude Code, laid down anew before each start: of what the program wrote only its
 * conversations stay, and what it obeys is the person's own. An agent can write in this folder, so nothing that it may
 * have left there is followed, and nothing of it decides over the next run.
 */
import { copyFileSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import * as z from 'zod/mini';
import { BoundedCopy } from '../../../base/bounded-copy.ts';
import { writeFileWhole } from '../../../base/write-file-whole.ts';

export type ConfigPlaces = {
  /** The agent's. */
  readonly configDir: string;
  /** The person's, usually `~/.claude`; null when the agent has a key of its own and uses nothing of theirs. */
  readonly ownerDir: string | null;
  /** The person's state, usually `~/.claude.json`. */
  readonly ownerState: string;
};

/** Conversations, and what belongs to them. */
const keptNames = ['projects', 'file-history', 'plans', 'tasks', 'todos'];
const obeyedFiles = { 'settings.json': '{}\n', 'CLAUDE.md': '' } as const;
const obeyedFolders = ['agents', 'commands', 'output-styles', 'rules', 'skills'];

/** Who is logged in, and that the first questions have been answered; no servers, no permissions, no other projects. */
const State = z.object({
  oauthAccount: z.optional(z.unknown()),
  primaryApiKey: z.optional(z.string()),
  customApiKeyResponses: z.optional(z.unknown()),
});

/** Returns how many of the person's files were too many or too large to come along. */
export function layDownConfig({ configDir, ownerDir, ownerState }: ConfigPlaces): number {
  clear(configDir);
  const copy = new BoundedCopy();
  for (const [name, empty] of Object.entries(obeyedFiles)) {
    if (ownerDir === null || !copy.copy(join(ownerDir, name), join(configDir, name))) writeFileWhole(join(configDir, name), empty);
  }
  for (const name of obeyedFolders) {
    if (ownerDir === null || !copy.copy(join(ownerDir, name), join(configDir, name))) mkdirSync(join(configDir, name), { mode: 0o700 });
  }
  const state = ownerDir === null ? {} : stateOf(ownerState);
  writeFileWhole(join(configDir, '.claude.json'), JSON.stringify({ ...state, hasCompletedOnboarding: true }));
  return copy.leftOut;
}

/** A conversation that was begun in the person's own folder goes on in the agent's. */
export function adoptConversation({ configDir, ownerDir }: ConfigPlaces, sessionId: string): void {
  const name = `${sessionId}.jsonl`;
  if (ownerDir === null || name !== basename(name)) return;
  const place = conversationIn(ownerDir, name);
  if (place === null || conversationIn(configDir, name) !== null) return;
  const folder = join(configDir, 'projects', basename(dirname(place)));
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  copyFileSync(place, join(folder, name));
}

/** Never by a link. */
export function conversationIn(folder: string, name: string): string | null {
  const projects = join(folder, 'projects');
  if (!isRealFolder(projects)) return null;
  const place = readdirSync(projects).find((project) => lstatSync(join(projects, project, name), { throwIfNoEntry: false })?.isFile());
  return place === undefined ? null : join(projects, place, name);
}

/** Takes out of the folder what nobody needs while no program runs: the login among it. */
export function forgetLogin(configDir: string): void {
  for (const name of ['.credentials.json', '.claude.json', 'backups']) rmSync(join(configDir, name), { recursive: true, force: true });
}

function clear(configDir: string): void {
  // A link that the agent put in its place would have us write wherever it leads.
  if (!isRealFolder(configDir)) rmSync(configDir, { force: true });
  mkdirSync(configDir, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(configDir)) {
    const path = join(configDir, name);
    if (!keptNames.includes(name) || !isRealFolder(path)) rmSync(path, { recursive: true, force: true });
  }
}

function isRealFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function stateOf(path: string): z.infer<typeof State> {
  try {
    return State.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    // The person has none, or one that Claude Code itself would begin anew.
    return {};
  }
}
