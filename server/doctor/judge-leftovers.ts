/** What lies in a data directory that nobody needs any more: left by a kill, a power cut, or an agent that was removed. Pure. */
import type { BackendPresence } from '../protocol/doctor.ts';
import { type Diagnosis, diagnosis, type Fix, someOf } from './finding.ts';
import type { FileFact } from './private-files.ts';

/** One that runs: by its agent, whether its record could be read, and whether its sidecar lives. */
export type RunFact = { readonly file: FileFact; readonly isReadable: boolean; readonly isAlive: boolean; readonly isYoung: boolean };

export type LeftoverFacts = {
  readonly files: readonly FileFact[];
  /** In the folder for temporary files. */
  readonly trials: readonly FileFact[];
  readonly runs: readonly RunFact[];
  readonly uid: number | undefined;
  readonly backend: BackendPresence;
  /** Null when nobody could say which agents there are. */
  readonly agents: ReadonlySet<string> | null;
  readonly now: number;
};

/** Longer than anything is being made. */
const untouchedMs = 60 * 60_000;
/** Others than this backend may be at work there. */
const untouchedElsewhereMs = 24 * untouchedMs;
const keptBuilds = 3;
const agentFolder = /^agents\/([^/]+)$/;
const copy =
  /^(?:runtime\/[^/]+\.tmp|backups\/[^/]+\.(?:tmp|partial)|run\/trials\/[^/]+|run\/smoke-test-[^/]+|drill|scratch\/[^/]+|(?:run\/)?[^/]+\.tmp)$/;
/** Made by a recovery, which may have been cut off with nothing else there. */
const recovered = /^[^/]+\.db\.(?:restoring|salvaging)$/;
const ofBackend = /^run\/(?:owner\.json|token|backend\.sock)$/;

export function judgeLeftovers(facts: LeftoverFacts): Diagnosis[] {
  const old = facts.files.filter(({ changedAt }) => facts.now - changedAt > untouchedMs);
  const found = [
    ...orphans(old, facts),
    ...halfCopies(old),
    ...oldTrials(facts),
    ...staleOwner(facts),
    ...staleSockets(facts),
    ...runRecords(facts),
    ...halfWorktrees(old),
    ...manyBuilds(facts.files),
    ...quarantined(facts.files),
  ];
  const isClean = found.every(({ level }) => level === 'note');
  return isClean ? [diagnosis('files.leftovers', 'ok', 'Nothing was left behind by what ended.'), ...found] : found;
}

function orphans(old: readonly FileFact[], { agents, runs }: LeftoverFacts): Diagnosis[] {
  if (agents === null) return [];
  const running = new Set(runs.map(({ file }) => nameOf(file).replace(/\.json$/, '')));
  const found = old.filter(({ place, kind }) => {
    const id = agentFolder.exec(place)?.[1];
    return kind === 'folder' && id !== undefined && !agents.has(id) && !running.has(id);
  });
  if (found.length === 0) return [];
  const what = `${found.length === 1 ? 'A folder belongs' : `${found.length} folders belong`} to no agent that there is: ${named(found)}.`;
  const why =
    'They hold what removed agents kept for themselves. Set aside, they stay in the quarantine for 30 days, the newest until you delete them.';
  return [diagnosis('files.orphans', 'warning', what, { why, fixes: found.map(setAside) })];
}

function halfCopies(old: readonly FileFact[]): Diagnosis[] {
  const [copies, ofRecoveries] = [old.filter(({ place }) => copy.test(place)), old.filter(({ place }) => recovered.test(place))];
  const all = [...copies, ...ofRecoveries];
  if (all.length === 0) return [];
  const what = `${all.length === 1 ? 'One thing was' : `${all.length} things were`} left half made: ${named(all)}.`;
  return [diagnosis('files.halfMade', 'warning', what, { fixes: [...copies.map(remove), ...ofRecoveries.map(setAside)] })];
}

function oldTrials({ trials, uid, now }: LeftoverFacts): Diagnosis[] {
  const old = trials.filter((file) => file.uid === uid && file.kind === 'folder' && now - file.changedAt > untouchedElsewhereMs);
  if (old.length === 0) return [];
  const what = `Trials of fences that were killed left ${old.length === 1 ? 'a folder' : `${old.length} folders`}: ${someOf(old.map(({ path }) => path))}.`;
  return [diagnosis('files.oldTrials', 'note', what, { fixes: old.map(remove) })];
}

function staleOwner({ files, backend }: LeftoverFacts): Diagnosis[] {
  const stale = backend === 'none' ? files.filter(({ place }) => ofBackend.test(place)) : [];
  // One that ended in order leaves all but its socket, too.
  if (!stale.some(({ place }) => place.endsWith('.sock'))) return [];
  const why = 'The next backend replaces them.';
  return [
    diagnosis('files.staleOwner', 'note', 'The last backend was killed, and left its record and its socket.', {
      why,
      fixes: stale.map(remove),
    }),
  ];
}

function staleSockets({ files, runs }: LeftoverFacts): Diagnosis[] {
  const living = new Set(runs.filter(({ isAlive, isYoung }) => isAlive || isYoung).map(({ file }) => nameOf(file).replace(/\.json$/, '')));
  const stale = files.filter(({ kind, place }) => {
    const id = /^agents\/([^/]+)\/private\//.exec(place)?.[1];
    return kind === 'socket' && id !== undefined && !living.has(id);
  });
  if (stale.length === 0) return [];
  return [diagnosis('files.staleSockets', 'note', `Nobody listens any more at ${named(stale)}.`, { fixes: stale.map(remove) })];
}

function runRecords({ runs, backend }: LeftoverFacts): Diagnosis[] {
  const broken = runs.filter(({ isReadable }) => !isReadable).map(({ file }) => file);
  const gone = runs.filter(({ isReadable, isAlive, isYoung }) => isReadable && !isAlive && !isYoung).map(({ file }) => file);
  const waiting = backend === 'none' ? runs.filter(({ isAlive }) => isAlive) : [];
  const ended = 'The sidecars of these runs have ended, and their records are still there';
  return [
    ...(broken.length === 0
      ? []
      : [
          diagnosis('files.brokenRuns', 'warning', `These records of runs cannot be read: ${named(broken)}.`, {
            fixes: broken.map(setAside),
          }),
        ]),
    ...(gone.length === 0
      ? []
      : backend === 'none'
        ? [diagnosis('files.endedRuns', 'note', `${ended}; the next backend closes them: ${named(gone)}.`)]
        : [
            diagnosis('files.endedRuns', 'warning', `${ended}: ${named(gone)}.`, {
              todo: [{ run: 'agor backend stop' }, { run: 'agor health' }],
            }),
          ]),
    ...(waiting.length === 0
      ? []
      : [
          diagnosis('backend.waitingSidecars', 'note', `${waiting.length} sidecars of agents run without a backend and wait for one.`, {
            todo: [{ run: 'agor health' }],
          }),
        ]),
  ];
}

function halfWorktrees(old: readonly FileFact[]): Diagnosis[] {
  const marks = old.filter(({ place }) => /^worktrees\/[^/]+\.restoring$/.test(place));
  if (marks.length === 0) return [];
  const todo = [{ say: 'See which worktrees were removed, and restore what is half there again:' }, { run: 'agor worktree list' }];
  return [diagnosis('files.halfWorktrees', 'warning', `The restoring of worktrees was cut off: ${named(marks)}.`, { todo })];
}

function manyBuilds(files: readonly FileFact[]): Diagnosis[] {
  const builds = files.filter(({ place, kind }) => kind === 'folder' && /^runtime\/[^/]+$/.test(place) && !copy.test(place));
  if (builds.length <= keptBuilds) return [];
  const why = 'The next start removes those that nothing ran from for three days.';
  return [diagnosis('files.builds', 'note', `There are ${builds.length} builds of the programs in runtime/.`, { why })];
}

function quarantined(files: readonly FileFact[]): Diagnosis[] {
  const kept = files.filter(({ place }) => /^quarantine\/[^/]+$/.test(place));
  if (kept.length === 0) return [];
  const todo = [{ say: 'Look at them, and delete those that you need no more.' }];
  const what = `The quarantine keeps ${kept.length === 1 ? 'one copy' : `${kept.length} copies`} of what was damaged or set aside.`;
  return [diagnosis('files.quarantine', 'note', what, { todo })];
}

function remove({ path }: FileFact): Fix {
  return { do: 'remove', path };
}

function setAside({ path }: FileFact): Fix {
  return { do: 'setAside', path };
}

function nameOf({ place }: FileFact): string {
  return place.slice(place.lastIndexOf('/') + 1);
}

function named(files: readonly FileFact[]): string {
  return someOf(files.map(({ place }) => place));
}
