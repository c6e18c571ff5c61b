/**
 * MAIN of the doctor: `doctor <data directory> examine|fix|boot`, one JSON document on stdout. A program of its own, so that
 * it also looks at what no backend can be started on, and holds up none that runs. While none does, it owns the directory.
 */
import { accessSync, constants, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readBuildInfo } from './base/build-info.ts';
import { type DataPaths, dataPaths } from './base/data-paths.ts';
import { type OwnerLock, takeOwnerLock } from './base/owner-lock.ts';
import { asStorageError } from './base/storage-error.ts';
import { type DatabasePlace, examineDatabase, lossOf } from './doctor/examine-database.ts';
import { examineFiles, type FileDoctorDeps, fixFiles } from './doctor/file-doctor.ts';
import { asFinding, type Diagnosis, diagnosis } from './doctor/finding.ts';
import { judgeAgents } from './doctor/judge-agents.ts';
import { judgeBackend } from './doctor/judge-backend.ts';
import { judgeBackups } from './doctor/judge-backups.ts';
import { judgeMachine } from './doctor/judge-machine.ts';
import { judgeSandbox } from './doctor/judge-sandbox.ts';
import { machineFacts } from './doctor/machine-facts.ts';
import { diskLevel } from './metrics/storage-levels.ts';
import type { BackendPresence, Examination, Fixed } from './protocol/doctor.ts';
import { AgorError } from './protocol/errors.ts';
import type { OwnerRecord } from './protocol/owner-record.ts';
import { sandboxHost } from './sandbox/host.ts';
import { foundSchema } from './store/checked-copy.ts';
import { nativeBindingPath } from './store/native-binding.ts';
import { openStores, recordPlaces } from './stores.ts';
import { type Answers, askBackend, livingOwner } from './wiring/doctor-ask.ts';
import { bootDemo } from './wiring/doctor-boot.ts';
import { knownAgents, knownStrays } from './wiring/doctor-rows.ts';

const programDir = dirname(fileURLToPath(import.meta.url));
const now = () => Date.now();

void main(process.argv.slice(2));

async function main([dataDir, wish]: readonly string[]): Promise<void> {
  process.umask(0o077);
  try {
    if (!dataDir || !isAbsolute(dataDir)) throw new AgorError('badRequest', 'The doctor needs the absolute path of a data directory.');
    if (wish !== 'examine' && wish !== 'fix' && wish !== 'boot')
      throw new AgorError('badRequest', 'The doctor takes examine, fix or boot.');
    const answer = wish === 'boot' ? await bootDemo(dataDir, programDir) : await examine(dataPaths(dataDir), wish === 'fix');
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  } catch (error) {
    const cause = asStorageError(error, dataDir ?? '');
    const { code, message } = cause instanceof AgorError ? cause : new AgorError('internal', String(cause));
    process.stdout.write(`${JSON.stringify({ error: { code, message } })}\n`);
    process.exitCode = 1;
  }
}

/** What it knows of the directory's owner: itself, when `lock` is there. */
type Look = {
  readonly lock: OwnerLock | undefined;
  /** Why it could not be tried. */
  readonly lockProblem: string | null;
  readonly owner: OwnerRecord | undefined;
  readonly answers: Answers | null;
};

async function examine(paths: DataPaths, isToFix: boolean): Promise<Examination> {
  const startedAt = performance.now();
  const { lock, lockProblem } = tryLock(paths);
  try {
    const owner = lock ? undefined : livingOwner(paths);
    const look: Look = { lock, lockProblem, owner, answers: owner ? await askBackend(owner, paths) : null };
    const fixed = isToFix && lock ? await fixAsOwner(paths, look) : [];
    const findings = (await diagnose(paths, look)).map(asFinding);
    const build = readBuildInfo(programDir);
    const tookMs = Math.round(performance.now() - startedAt);
    return { at: now(), dataDir: paths.dataDir, build, backend: presenceOf(paths, look), tookMs, findings, fixed };
  } finally {
    lock?.release();
  }
}

/** A disk that is full, or files that are somebody else's, are what it is there to tell of. */
function tryLock({ run, ownerLock }: DataPaths): Pick<Look, 'lock' | 'lockProblem'> {
  try {
    return { lock: existsSync(run) ? takeOwnerLock(ownerLock, nativeBindingPath()) : undefined, lockProblem: null };
  } catch (error) {
    const cause = asStorageError(error, ownerLock);
    return { lock: undefined, lockProblem: cause instanceof Error ? cause.message : String(cause) };
  }
}

function presenceOf(paths: DataPaths, { lock, lockProblem, owner, answers }: Look): BackendPresence {
  if (lock || !existsSync(paths.run) || (lockProblem !== null && !owner)) return 'none';
  return answers ? 'running' : 'deaf';
}

async function diagnose(paths: DataPaths, look: Look): Promise<Diagnosis[]> {
  const { owner = null, answers } = look;
  const facts = machineFacts(existsSync(paths.dataDir) ? paths.dataDir : dirname(paths.dataDir), sandboxHost().bwrap);
  const backend = { presence: presenceOf(paths, look), owner, health: answers?.health ?? null, ownBuild: readBuildInfo(programDir) };
  return [
    ...judgeBackend(backend),
    ...judgeBackups(backend.health, now()),
    ...(look.lockProblem === null ? [] : [diagnosis('backend.lock', 'problem', look.lockProblem)]),
    ...(existsSync(paths.dataDir) ? await diagnoseData(paths, look) : [diagnosis('data.new', 'note', 'There is no data yet.')]),
    ...judgeMachine(facts, diskLevel),
    ...judgeSandbox({ ...facts, tried: answers?.health.sandbox ?? null, isBackendThere: answers !== null }),
    ...(answers ? judgeAgents(answers) : []),
  ];
}

/** What needs nobody else there comes first; the long reads come when a backend may be started again. */
async function diagnoseData(paths: DataPaths, look: Look): Promise<Diagnosis[]> {
  if (!mayEnter(paths.dataDir)) return [shut(paths.dataDir), ...(await examineFiles(fileDoctor(paths, look)))];
  const isAlone = look.lock !== undefined;
  const losses = databasePlaces(paths).map((place) => (isAlone ? told(() => lossOf(place)) : null));
  const files = await examineFiles(fileDoctor(paths, look));
  look.lock?.release();
  const found: Diagnosis[] = [];
  for (const [index, place] of databasePlaces(paths).entries())
    found.push(...(await examineDatabase(place, { loss: losses[index] ?? null, isAlone, now: now() })));
  return [...found, ...files];
}

/** What lies in a folder that nobody may enter would be taken for missing. */
function mayEnter(folder: string): boolean {
  try {
    accessSync(folder, constants.R_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function shut(dataDir: string): Diagnosis {
  const todo = [{ say: 'Run the doctor as its owner, or choose another folder with AGOR_DATA_DIR.' }];
  return diagnosis('data.shut', 'problem', `${dataDir} cannot be entered, so nothing is known of what is in it.`, { todo });
}

/** What cannot be looked at at all is told in the same place. */
function told(look: () => string | null): string | null {
  try {
    return look();
  } catch (error) {
    return `cannot be looked at: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function databasePlaces(paths: DataPaths): DatabasePlace[] {
  return Object.values(recordPlaces(paths)).map(({ path, migrations }) => ({ path, newestSchema: migrations.at(-1)?.version ?? 0 }));
}

function fileDoctor(paths: DataPaths, look: Look): FileDoctorDeps {
  const { dataDir, quarantine } = paths;
  const places = { dataDir, quarantine, temporary: tmpdir(), backend: presenceOf(paths, look) };
  return { ...places, agents: () => knownAgents(paths), worktrees: () => knownStrays(paths), closeWorktree: null, now };
}

async function fixAsOwner(paths: DataPaths, look: Look): Promise<Fixed[]> {
  const fixed = await fixFiles(fileDoctor(paths, look));
  if (fixed.length > 0) audit(paths, fixed);
  return fixed;
}

/** A database that cannot be opened, or that this build would change in form, takes no row; the person alone is told then. */
function audit(paths: DataPaths, fixed: readonly Fixed[]): void {
  try {
    if (databasePlaces(paths).some(({ path, newestSchema }) => foundSchema(path) !== newestSchema)) return;
    const stores = openStores(paths);
    try {
      stores.btmsg.write(() =>
        stores.audit.append({ at: now(), event: 'doctor_fixed', agentId: null, actor: 'cli', detail: { fixed: fixed.slice(0, 100) } }),
      );
    } finally {
      stores.close();
    }
  } catch (error) {
    if (!(asStorageError(error, paths.btmsgDb) instanceof AgorError)) throw error;
  }
}
