/** What has become of places between two looks at them. */
import { type Found, isSame, lookAt, type Scan } from './place-scan.ts';

export type Difference = {
  readonly path: string;
  readonly change: 'added' | 'changed' | 'removed';
  readonly before: Found | null;
};

/** In the order of their paths, outermost first. An empty folder is nothing that anybody runs or obeys. */
export function differences(before: Scan, after: Scan): Difference[] {
  const paths = [...new Set([...before.found.keys(), ...after.found.keys()])].sort();
  return paths.flatMap((path) => {
    const was = before.found.get(path) ?? null;
    const is = after.found.get(path) ?? (after.isWhole ? null : lookAt(path, after.limits));
    // What the first look did not get to may have been there already.
    const isUnknown = was === null && !before.isWhole;
    const isOnlyFolder = (was ?? is)?.kind === 'folder' && (was === null || is === null);
    if (isUnknown || isOnlyFolder || isSame(was, is)) return [];
    return [{ path, change: was === null ? 'added' : is === null ? 'removed' : 'changed', before: was } as const];
  });
}
