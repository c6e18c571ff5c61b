/**
 * What a rule is about, and whether a question is that: everything that the answer decides on is compared, and only what an
 * agent says about it (its reason) is not. Nothing is taken for alike. Pure.
 */
import { changedPaths, changesFiles } from '../base/changed-files.ts';
import { isPlainPath } from '../base/plain-path.ts';
import type { PermissionRequest } from '../protocol/agent-event.ts';
import { AgorError } from '../protocol/errors.ts';
import type { RuleMatch } from '../protocol/rule.ts';

/** Whether a file is where its path says, without a link on the way; `path` is from the agent's folder, or absolute. */
export type IsRealPath = (path: string) => boolean;

/** `folder`: for changes of files, everything below it instead of the file. Throws where no exact rule can be made. */
export function matchOf(request: PermissionRequest, folder: string | undefined): RuleMatch {
  if (request.command === null && changesFiles(request)) return filesMatch(request, folder);
  if (folder !== undefined)
    throw new AgorError('badRequest', 'A folder goes with changes of files only; this question is about something else.');
  return callMatch(request);
}

export function fits(match: RuleMatch, request: PermissionRequest, isRealPath: IsRealPath): boolean {
  if (match.on !== 'files') return JSON.stringify(callMatch(request)) === JSON.stringify(match);
  const isSameTool = match.toolName === request.toolName && match.toolKind === request.toolKind;
  if (!isSameTool || request.command !== null || !changesFiles(request)) return false;
  const isBelow = (path: string) => (match.path.endsWith('/') ? path.startsWith(match.path) : path === match.path);
  return changedPaths(request).every((path) => isPlainPath(path) && isBelow(path) && isRealPath(path));
}

/** What a rule about anything but files would compare. */
export function callMatch({ toolName, title, command, cwd, resolved, content, form }: PermissionRequest): RuleMatch {
  const details = form ? JSON.stringify({ content, form }) : content.length === 0 ? '' : JSON.stringify(content);
  if (command === null) return { on: 'call', toolName, title, cwd, details };
  return { on: 'command', toolName, command, cwd, resolved, details };
}

function filesMatch(request: PermissionRequest, folder: string | undefined): RuleMatch {
  const { toolName, toolKind } = request;
  const paths = changedPaths(request);
  if (!paths.every(isPlainPath)) throw noExactRule('A path of this question does not say plainly where its file is');
  if (folder !== undefined) return { on: 'files', toolName, toolKind, path: checkedFolder(folder, request, paths) };
  const [path, ...others] = paths;
  if (path === undefined || others.length > 0) throw noExactRule('This question changes several files');
  return { on: 'files', toolName, toolKind, path };
}

function checkedFolder(folder: string, { toolKind }: PermissionRequest, paths: readonly string[]): string {
  const path = folder.replace(/^\.\//, '').replace(/\/*$/, '/');
  if (toolKind !== 'edit') throw new AgorError('badRequest', 'A rule for a folder is about edits; this question deletes or moves files.');
  if (path.startsWith('/') || !isPlainPath(path.slice(0, -1))) {
    throw new AgorError('badRequest', `"${folder}" is no folder below the project. Name one as "src" or "src/store".`);
  }
  if (paths.every((one) => one.startsWith(path))) return path;
  throw new AgorError('badRequest', `The question changes files outside "${path}", so a rule for that folder would not answer it.`);
}

function noExactRule(why: string): AgorError {
  return new AgorError('badRequest', `${why}, so no exact rule can be made of it. Answer it by itself, or name a folder.`);
}
