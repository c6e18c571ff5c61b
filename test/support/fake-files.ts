/** Files that are only told of: a path and its text, or "-> target" for a link. Folders are there with what lies in them. */
import { dirname, join, resolve } from 'node:path';
import type { FileFacts } from '../../server/sandbox/file-facts.ts';

const linkMark = '-> ';

export function fakeFiles(tree: Readonly<Record<string, string>>): FileFacts {
  const files = new Map(Object.entries(tree));
  const folders = new Set<string>(['/']);
  for (const path of files.keys()) for (let at = dirname(path); !folders.has(at); at = dirname(at)) folders.add(at);
  const realPath = (path: string): string | null => {
    let at = '/';
    for (const part of resolve(path).split('/').filter(Boolean)) {
      const next = join(at, part);
      const text = files.get(next);
      const real = text?.startsWith(linkMark) ? realPath(resolve(at, text.slice(linkMark.length))) : next;
      if (real === null || (!files.has(real) && !folders.has(real))) return null;
      at = real;
    }
    return at;
  };
  const kind = (path: string) => {
    const real = realPath(path);
    if (real === null) return null;
    return folders.has(real) ? 'folder' : 'file';
  };
  return {
    realPath,
    kind,
    text: (path) => files.get(realPath(path) ?? '') ?? null,
    names: (path) =>
      [...files.keys(), ...folders]
        .filter((each) => each !== '/' && dirname(each) === realPath(path))
        .map((each) => each.slice(each.lastIndexOf('/') + 1)),
    canRead: (path) => realPath(path) !== null,
  };
}
