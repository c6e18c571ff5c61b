/** Does what a finding may have done about it, one after the other, and says of each what became of it. */
import { chmod, lstat, mkdir, rename, rm } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import type { Fixed } from '../protocol/doctor.ts';
import type { Fix } from './finding.ts';

export type FixPlace = {
  readonly dataDir: string;
  readonly quarantine: string;
  readonly at: Date;
  readonly closeWorktree: (id: string) => Promise<unknown>;
};

/** One that fails leaves the others to be done. */
export async function applyFixes(fixes: readonly Fix[], place: FixPlace): Promise<Fixed[]> {
  const done: Fixed[] = [];
  for (const fix of fixes) {
    const what = described(fix, place);
    const error = await apply(fix, place).then(
      () => null,
      (cause: unknown) => (cause instanceof Error ? cause.message : String(cause)),
    );
    done.push({ what, error });
  }
  return done;
}

function described(fix: Fix, { dataDir, quarantine, at }: FixPlace): string {
  const place = relative(dataDir, fix.path);
  const path = place === '' || place.startsWith('..') ? fix.path : place;
  if (fix.do === 'setMode') return `gave ${path} the mode ${fix.mode.toString(8).padStart(4, '0')}`;
  if (fix.do === 'closeWorktree') return `removed the worktree ${path}, whose folder was gone`;
  return fix.do === 'remove' ? `removed ${path}` : `moved ${path} to ${relative(dataDir, asideFolder({ quarantine, at }))}`;
}

async function apply(fix: Fix, place: FixPlace): Promise<void> {
  if (fix.do === 'closeWorktree') return void (await place.closeWorktree(fix.id));
  const found = await lstat(fix.path);
  if (fix.do === 'remove') return rm(fix.path, { recursive: true });
  if (fix.do === 'setAside') return setAside(fix.path, place);
  // The mode of a link would be that of what it leads to.
  if (!found.isSymbolicLink()) await chmod(fix.path, fix.mode);
}

async function setAside(path: string, place: FixPlace): Promise<void> {
  const folder = asideFolder(place);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await rename(path, join(folder, basename(path)));
}

function asideFolder({ quarantine, at }: Pick<FixPlace, 'quarantine' | 'at'>): string {
  return join(quarantine, `orphans-${at.toISOString().replaceAll(/[:.]/g, '-')}`);
}
