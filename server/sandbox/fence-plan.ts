/** Turns a profile into what each layer has to do on this machine, with every link followed and every missing place known. */
import type { SandboxPath } from '../protocol/sandbox.ts';
import type { SandboxProfile } from './request.ts';
import { depthOf, foldersBetween, isWithin, type Link, type ResolvedPath, resolvePath } from './resolved-path.ts';

export type Mount =
  /** The place itself, at the same path. */
  | { readonly kind: 'read' | 'write' | 'hiddenFolder' | 'hiddenFile'; readonly path: string }
  | { readonly kind: 'link'; readonly path: string; readonly target: string }
  | { readonly kind: 'processes' | 'devices'; readonly path: string }
  /** A folder of the agent's own at /tmp; without a source it is in memory. */
  | { readonly kind: 'temporary'; readonly path: string; readonly source: string | null };

export type FencePlan = {
  /** Outermost first. */
  readonly mounts: readonly Mount[];
  /** Has to be made before it can be mounted on, outermost first. */
  readonly missing: readonly string[];
  /** Are there, and have to stay: a mount ends without a word when its folder is removed. */
  readonly folders: readonly string[];
  readonly read: readonly string[];
  readonly write: readonly string[];
  /** May not be written, though what it lies in may. */
  readonly guarded: readonly string[];
  /** The folders between the two, which may not get another name. */
  readonly pinned: readonly string[];
  readonly hidden: readonly string[];
  /** Should be guarded, but is a link, or behind one that can be replaced. */
  readonly unguarded: readonly string[];
};

type Entry = ResolvedPath & {
  readonly access: SandboxPath['access'];
  /** Seen by the layers themselves, and not given to the program. */
  readonly isOwn: boolean;
};

type Guard = Pick<FencePlan, 'mounts' | 'missing' | 'folders' | 'guarded' | 'pinned' | 'hidden'>;

const nothing: Guard = { mounts: [], missing: [], folders: [], guarded: [], pinned: [], hidden: [] };
const kernelFolders = ['/proc', '/dev'];

/** `ownPaths` are what the layers need to start at all: Node and the launcher. */
export function planFence(profile: SandboxProfile, ownPaths: readonly string[]): FencePlan {
  const { entries, unguarded } = resolveEntries(profile.paths, ownPaths);
  const guards = entries.map((entry) => guardOf(entry, nearest(entry, entries)));
  const temporary = resolveTemporary(profile.temporaryDir, entries);
  const special: Mount[] = [
    { kind: 'processes', path: '/proc' },
    { kind: 'devices', path: '/dev' },
    { kind: 'temporary', path: '/tmp', source: temporary },
  ];
  const mounts = [...special, ...linksOf(entries), ...guards.flatMap((guard) => guard.mounts)];
  return {
    mounts: uniqueByPath(mounts).sort((a, b) => depthOf(a.path) - depthOf(b.path)),
    missing: unique(guards.flatMap((guard) => guard.missing)),
    folders: unique(guards.flatMap((guard) => guard.folders)),
    read: given(entries, 'read'),
    write: given(entries, 'write'),
    guarded: guards.flatMap((guard) => guard.guarded),
    pinned: unique(guards.flatMap((guard) => guard.pinned)),
    hidden: guards.flatMap((guard) => guard.hidden),
    unguarded,
  };
}

/** For places that could be neither found nor made. */
export function withoutPlaces(plan: FencePlan, places: readonly string[]): FencePlan {
  const isLeft = (path: string) => !places.some((place) => isWithin(path, place));
  return { ...plan, mounts: plan.mounts.filter(({ path }) => isLeft(path)), pinned: plan.pinned.filter(isLeft) };
}

/** What is not there is not given, and neither is what a link leads to that an agent may have put there. */
function resolveEntries(paths: readonly SandboxPath[], ownPaths: readonly string[]): { entries: Entry[]; unguarded: string[] } {
  const entries = new Map<string, Entry>();
  const unguarded: string[] = [];
  const own = ownPaths.map((path) => ({ path, access: 'read' as const, isOwn: true }));
  for (const { path, access, isOwn } of [...own, ...paths.map((entry) => ({ ...entry, isOwn: false }))]) {
    const resolved = resolvePath(path, access === 'protected' ? 'keep' : 'follow');
    if (resolved === null || resolved.kind === 'socket') continue;
    const isReplaceable = resolved.kind === 'link' || resolved.links.some((link) => isWritable(link.path, entries));
    if (isReplaceable && access === 'protected') unguarded.push(path);
    // To hide more than was meant does no harm.
    if ((isReplaceable && access !== 'hidden') || (resolved.kind === 'missing' && access !== 'protected')) continue;
    entries.set(resolved.path, { ...resolved, access, isOwn });
  }
  return { entries: [...entries.values()].sort((a, b) => depthOf(a.path) - depthOf(b.path)), unguarded };
}

function isWritable(path: string, entries: ReadonlyMap<string, Entry>): boolean {
  return [...entries.values()].some((entry) => entry.access === 'write' && isWithin(path, entry.path));
}

/** What has to be mounted so that the entry is as it should be, given what it lies in. */
function guardOf(entry: Entry, around: Entry | undefined): Guard {
  const { path, access } = entry;
  if (kernelFolders.some((folder) => isWithin(path, folder))) return nothing;
  if (access === 'write') return around?.access === 'write' ? nothing : { ...nothing, mounts: [{ kind: 'write', path }] };
  if (access === 'hidden') return around === undefined || around.access === 'hidden' ? nothing : hide(entry, around);
  if (around?.access === 'write') return guard(entry, around);
  const isSeen = access === 'protected' || around?.access === 'read' || around?.access === 'protected';
  return isSeen ? nothing : { ...nothing, mounts: [{ kind: 'read', path }] };
}

function guard({ path, kind, missing, isOwn }: Entry, around: Entry): Guard {
  const pinned = foldersBetween(around.path, path);
  const pins = pinned.map((folder) => ({ kind: 'write' as const, path: folder }));
  const folders = [...pinned, ...(kind === 'folder' ? [path] : [])].filter((folder) => !missing.includes(folder));
  return { mounts: [...pins, { kind: 'read', path }], missing, folders, pinned, guarded: isOwn ? [] : [path], hidden: [] };
}

function hide({ path, kind }: Entry, around: Entry): Guard {
  const pinned = around.access === 'write' ? foldersBetween(around.path, path) : [];
  const pins = pinned.map((folder) => ({ kind: 'write' as const, path: folder }));
  const hidden: Mount = { kind: kind === 'folder' ? 'hiddenFolder' : 'hiddenFile', path };
  return { ...nothing, mounts: [...pins, hidden], pinned, hidden: [path] };
}

/** The innermost entry around another one. */
function nearest(entry: Entry, entries: readonly Entry[]): Entry | undefined {
  return entries.findLast((other) => other !== entry && isWithin(entry.path, other.path));
}

/** In memory when the agent has put a link in its place, or when other places are mounted below /tmp. */
function resolveTemporary(path: string, entries: readonly Entry[]): string | null {
  const resolved = resolvePath(path, 'keep');
  const isPlain = resolved?.kind === 'folder' && !resolved.links.some((link) => entries.some((entry) => isWithin(link.path, entry.path)));
  if (!isPlain || entries.some((entry) => entry.path !== '/tmp' && isWithin(entry.path, '/tmp'))) return null;
  return resolved.path;
}

/** The links that lead to the entries, where they are not seen anyway. */
function linksOf(entries: readonly Entry[]): Mount[] {
  const links: Link[] = entries.filter(({ isOwn, access }) => !isOwn && access !== 'protected').flatMap((entry) => entry.links);
  const unseen = links.filter((link) => !entries.some((entry) => isWithin(link.path, entry.path)));
  return unseen.map(({ path, target }) => ({ kind: 'link', path, target }));
}

function given(entries: readonly Entry[], access: Entry['access']): string[] {
  return entries.filter((entry) => entry.access === access && !entry.isOwn).map((entry) => entry.path);
}

/** Of two the first, which is the outer one's own. */
function uniqueByPath(mounts: readonly Mount[]): Mount[] {
  const byPath = new Map<string, Mount>();
  for (const mount of mounts) {
    const known = byPath.get(mount.path);
    // A pin that is asked for again by a deeper path, or a guard that also lies on the way to one.
    if (known === undefined || (known.kind === 'write' && mount.kind !== 'write')) byPath.set(mount.path, mount);
  }
  return [...byPath.values()];
}

function unique(paths: readonly string[]): string[] {
  return [...new Set(paths)];
}
