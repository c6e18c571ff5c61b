/** Follows a path by hand, so that it is known through which symbolic links it went: some of them may be the agent's. */
import { lstatSync, readlinkSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

export type Link = { readonly path: string; readonly target: string };

export type ResolvedPath = {
  /** Without a link in it; the end of it may be missing. */
  readonly path: string;
  readonly links: readonly Link[];
  readonly kind: 'folder' | 'file' | 'socket' | 'link' | 'missing';
  /** What has to be made for it to be there, outermost first; empty when nothing is missing. */
  readonly missing: readonly string[];
};

const maxLinks = 40;

/** With `lastLink: 'keep'` a link at the very end is not followed, and the kind is "link". Null when a file stands in the way, or links in circles. */
export function resolvePath(path: string, lastLink: 'follow' | 'keep'): ResolvedPath | null {
  const links: Link[] = [];
  let parts = partsOf(path);
  let at = '/';
  for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
    const next = join(at, part);
    const kind = kindOf(next);
    if (kind === 'missing') return { path: join(next, ...parts), links, kind, missing: eachOf(next, parts) };
    if (kind !== 'link' || (parts.length === 0 && lastLink === 'keep')) {
      if (kind !== 'folder' && parts.length > 0) return null;
      at = next;
      continue;
    }
    const target = readlinkSync(next);
    links.push({ path: next, target });
    if (links.length > maxLinks) return null;
    parts = [...partsOf(resolve(at, target)), ...parts];
    at = '/';
  }
  return { path: at, links, kind: kindOf(at), missing: [] };
}

export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`);
}

/** The folders above `path` and below `folder`, outermost first. */
export function foldersBetween(folder: string, path: string): string[] {
  const between: string[] = [];
  for (let at = dirname(path); at !== folder && isWithin(at, folder); at = dirname(at)) between.unshift(at);
  return between;
}

export function depthOf(path: string): number {
  return partsOf(path).length;
}

function partsOf(path: string): string[] {
  return resolve(path).split('/').filter(Boolean);
}

function eachOf(first: string, rest: readonly string[]): string[] {
  return [first, ...rest.map((_, index) => join(first, ...rest.slice(0, index + 1)))];
}

/** What may not be looked at is as good as missing: it can be given to nobody. */
function kindOf(path: string): ResolvedPath['kind'] {
  try {
    const place = lstatSync(path);
    if (place.isSymbolicLink()) return 'link';
    if (place.isDirectory()) return 'folder';
    return place.isSocket() ? 'socket' : 'file';
  } catch {
    return 'missing';
  }
}
