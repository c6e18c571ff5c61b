/**
 * Folders made in the project where protected files are missing, so that there is something to mount on: git does not
 * list empty folders. Several fences may need the same one, and removing it would silently lift the mount of the others,
 * so each fence writes down what it holds, and what died holding is cleaned up by the next one.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { delay } from '../base/delay.ts';
import { isSameProcess, processIdentity } from '../base/process-identity.ts';
import { newId } from '../base/uuid.ts';
import { writeFileWhole } from '../base/write-file-whole.ts';
import { AgorError } from '../protocol/errors.ts';

const Hold = z.object({
  owner: z.object({ pid: z.number(), startTime: z.string(), bootId: z.string() }),
  /** What has to stay for the fence to hold. */
  folders: z.array(z.string()),
  /** Which of them are there only to be mounted on, outermost first. */
  made: z.array(z.string()),
});
type Hold = z.infer<typeof Hold>;

type Held = { readonly folders: readonly string[]; readonly made: readonly string[] };

type HoldFile = Hold & {
  readonly path: string;
  /** The owner is about to remove what nobody else holds. */
  readonly isLeaving: boolean;
  readonly isDead: boolean;
};

type Wanted = {
  /** Outermost first. */
  readonly missing: readonly string[];
  /** There already, perhaps only because another fence made them. */
  readonly folders: readonly string[];
};

const leavingSuffix = '.leaving.json';
const leavingPollMs = 2;
const leavingDeadlineMs = 2_000;

/** Below `<data>/run`, where no agent can write. */
export function mountPointsDir(dataDir: string): string {
  return join(dataDir, 'run', 'mount-points');
}

export class MountPoints {
  readonly #dir: string;
  readonly #name = newId();
  readonly #folders: readonly string[];
  #made: readonly string[];
  #isReleased = false;

  private constructor(dir: string, { missing, folders }: Wanted) {
    this.#dir = dir;
    this.#folders = [...folders, ...missing];
    this.#made = missing;
  }

  /** Makes what is missing and holds it all. `failed` could not be made, which no agent of this user could do either. */
  static async make(dir: string, wanted: Wanted): Promise<{ points: MountPoints; failed: string[] }> {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    sweepMountPoints(dir);
    const points = new MountPoints(dir, wanted);
    // Written down before it is made: whoever leaves now either sees this, or is seen leaving.
    points.#write();
    await points.#othersHaveLeft();
    points.#takeOver();
    return { points, failed: points.#made.filter((folder) => !makeFolder(folder)) };
  }

  /** Removes what no other fence holds and nobody has put anything into. A second call does nothing. */
  release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    const leaving = join(this.#dir, this.#name + leavingSuffix);
    // With the data directory everybody else's hold is gone too.
    if (existsSync(this.#path)) renameSync(this.#path, leaving);
    leave(this.#dir, { path: leaving, made: this.#made });
  }

  get #path(): string {
    return join(this.#dir, `${this.#name}.json`);
  }

  /** What another fence made is made for this one too, and so is what it has taken away since it was looked at. */
  #takeOver(): void {
    const madeByOthers = new Set(readHolds(this.#dir).flatMap(({ made }) => made));
    const isMade = (folder: string) => this.#made.includes(folder) || madeByOthers.has(folder) || !existsSync(folder);
    const made = this.#folders.filter(isMade).sort();
    if (made.length === this.#made.length) return;
    this.#made = made;
    this.#write();
  }

  #write(): void {
    writeHold(this.#path, { folders: this.#folders, made: this.#made });
  }

  async #othersHaveLeft(): Promise<void> {
    const isInTheWay = ({ isLeaving, made }: HoldFile) => isLeaving && made.some((folder) => this.#folders.includes(folder));
    for (let waitedMs = 0; readHolds(this.#dir).some(isInTheWay); waitedMs += leavingPollMs) {
      if (waitedMs >= leavingDeadlineMs)
        throw new AgorError('unavailable', 'Another agent of the project is still ending. Start this one again.');
      await delay(leavingPollMs);
    }
  }
}

/** Removes what fences held whose process is gone: after a crash, or when the machine went down. */
export function sweepMountPoints(dir: string): void {
  for (const { path, made } of readFiles(dir).filter(({ isDead }) => isDead)) {
    // In its place this process leaves, so that whoever starts meanwhile waits for it.
    const leaving = join(dir, newId() + leavingSuffix);
    writeHold(leaving, { folders: [], made });
    rmSync(path, { force: true });
    leave(dir, { path: leaving, made });
  }
}

function leave(dir: string, { path, made }: Pick<Held, 'made'> & { readonly path: string }): void {
  const held = new Set(readHolds(dir).flatMap(({ isLeaving, folders }) => (isLeaving ? [] : folders)));
  for (const folder of made.toReversed().filter((each) => !held.has(each))) removeEmpty(folder);
  rmSync(path, { force: true });
}

function writeHold(path: string, { folders, made }: Held): void {
  const owner = processIdentity(process.pid);
  if (owner === null) throw new AgorError('internal', 'This process cannot be found in /proc.');
  const hold: Hold = { owner, folders: [...folders], made: [...made] };
  writeFileWhole(path, JSON.stringify(hold));
}

function readHolds(dir: string): HoldFile[] {
  return readFiles(dir).filter(({ isDead }) => !isDead);
}

function readFiles(dir: string): HoldFile[] {
  if (!existsSync(dir)) return [];
  const names = readdirSync(dir).filter((name) => name.endsWith('.json'));
  return names.flatMap((name) => readHold(join(dir, name)));
}

function readHold(path: string): HoldFile[] {
  try {
    const hold = Hold.parse(JSON.parse(readFileSync(path, 'utf8')));
    return [{ ...hold, path, isLeaving: path.endsWith(leavingSuffix), isDead: !isSameProcess(hold.owner) }];
  } catch {
    // Its owner has just removed it. They are written whole, so there is no half of one.
    return [];
  }
}

/** True when the folder is there. */
function makeFolder(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EEXIST';
  }
}

function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Somebody has put something there, which is theirs, or it is gone already.
  }
}
