/** Looks at the files of a data directory, and puts right what can be put right without touching anything of record. */
import { isSameProcess } from '../base/process-identity.ts';
import { readRunRecord } from '../base/run-record-file.ts';
import type { BackendPresence, Fixed } from '../protocol/doctor.ts';
import type { RunRecord } from '../protocol/run-record.ts';
import { applyFixes } from './apply-fixes.ts';
import type { Diagnosis } from './finding.ts';
import { judgeLeftovers, type RunFact } from './judge-leftovers.ts';
import { judgeModes } from './judge-modes.ts';
import { judgeWorktrees, type WorktreeFacts } from './judge-worktrees.ts';
import { type FileFact, privateFiles, trialFolders } from './private-files.ts';

export type FileDoctorDeps = {
  readonly dataDir: string;
  readonly quarantine: string;
  /** The system's folder for temporary files. */
  readonly temporary: string;
  readonly backend: BackendPresence;
  /** Ids of the agents that there are; null when that cannot be known. */
  readonly agents: () => ReadonlySet<string> | null;
  /** Null when nobody can say which there are. */
  readonly worktrees: () => Promise<WorktreeFacts | null>;
  /** Has the worktrees remove one whose folder is gone; null where only a backend may. */
  readonly closeWorktree: ((id: string) => Promise<unknown>) | null;
  readonly now: () => number;
};

/** A sidecar that was just started has not written yet who it is. */
const youngMs = 60_000;

export async function examineFiles(deps: FileDoctorDeps): Promise<Diagnosis[]> {
  const { dataDir, temporary, backend, agents, now } = deps;
  const files = await privateFiles(dataDir);
  const runs = files
    .filter(({ place, kind }) => kind === 'file' && /^run\/agents\/[^/]+\.json$/.test(place))
    .map((file) => runOf(file, now()));
  const uid = process.getuid?.();
  const modes = uid === undefined ? [] : judgeModes(files, uid);
  const trials = await trialFolders(temporary);
  const leftovers = judgeLeftovers({ files, trials, runs, uid, backend, agents: agents(), now: now() });
  return [...modes, ...leftovers, ...(await worktreesFound(deps))];
}

/** That a backend can put one right is told also by who only looks while one runs. */
async function worktreesFound({ worktrees, closeWorktree, backend }: FileDoctorDeps): Promise<Diagnosis[]> {
  const facts = await worktrees();
  return facts === null ? [] : judgeWorktrees(facts, closeWorktree !== null || backend === 'running');
}

/** Looks again first: what was found earlier may be in use by now. */
export async function fixFiles(deps: FileDoctorDeps): Promise<Fixed[]> {
  const { dataDir, quarantine, now, closeWorktree } = deps;
  const fixes = (await examineFiles(deps)).flatMap((found) => found.fixes);
  const onlyByBackend = () => Promise.reject(new Error('Only a backend can do that, and none runs.'));
  return applyFixes(fixes, { dataDir, quarantine, at: new Date(now()), closeWorktree: closeWorktree ?? onlyByBackend });
}

function runOf(file: FileFact, now: number): RunFact {
  const record = readable(file.path);
  if (!record) return { file, isReadable: false, isAlive: false, isYoung: false };
  const isAlive = record.sidecar !== null && isSameProcess(record.sidecar);
  return { file, isReadable: true, isAlive, isYoung: now - record.createdAt < youngMs };
}

function readable(path: string): RunRecord | undefined {
  try {
    return readRunRecord(path);
  } catch {
    // Told as a record that cannot be read.
    return undefined;
  }
}
