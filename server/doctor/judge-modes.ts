/** Whether what is private is kept from others on this machine, and whether we can use it ourselves. Pure. */
import { type Diagnosis, diagnosis, type Fix, someOf } from './finding.ts';
import type { FileFact } from './private-files.ts';

const others = 0o077;
const othersWrite = 0o022;
/** Programs, and folders that only hold them. */
const isProgram = /^(?:runtime|bin)\//;

export function judgeModes(files: readonly FileFact[], uid: number): Diagnosis[] {
  const judged = files.filter(({ kind }) => kind === 'file' || kind === 'folder' || kind === 'socket');
  const foreign = judged.filter((file) => file.uid !== uid);
  const own = judged.filter((file) => file.uid === uid);
  const open = own.filter(isOpen);
  const shut = own.filter((file) => !isOpen(file) && (file.mode & needed(file)) !== needed(file));
  const found = [...foreignFound(foreign), ...openFound(open), ...shutFound(shut)];
  if (found.length > 0) return found;
  return [diagnosis('files.modes', 'ok', `All ${judged.length} files and folders that were looked at are yours, and closed to others.`)];
}

function isOpen({ mode, place }: FileFact): boolean {
  return (mode & (isProgram.test(place) ? othersWrite : others)) !== 0;
}

function needed({ kind, place }: FileFact): number {
  if (kind === 'folder') return 0o700;
  return /\.db(?:-wal|-shm|\.mark|\.witness)?$/.test(place) && !place.includes('/') ? 0o600 : 0o400;
}

function foreignFound(files: readonly FileFact[]): Diagnosis[] {
  const [first] = files;
  if (!first) return [];
  const what = `${counted(files)} of the data directory belong to another user: ${names(files)}.`;
  const todo = [{ say: 'Give them back to yourself:' }, { run: `sudo chown -hR "$(id -un)" ${shellWord(first.path)}` }];
  return [diagnosis('files.owner', 'problem', what, { why: 'Who owns a file can change it, and the backend may not be able to.', todo })];
}

function openFound(files: readonly FileFact[]): Diagnosis[] {
  if (files.length === 0) return [];
  const canWrite = files.some(({ mode }) => (mode & othersWrite) !== 0);
  const what = `Other users of this machine can ${canWrite ? 'change' : 'read'} ${counted(files)}: ${names(files)}.`;
  const why = 'They hold what agents and you wrote, and the key to the backend.';
  return [diagnosis('files.open', canWrite ? 'problem' : 'warning', what, { why, fixes: files.map(closed) })];
}

function shutFound(files: readonly FileFact[]): Diagnosis[] {
  if (files.length === 0) return [];
  const what = `The backend may not use ${counted(files)} of its own: ${names(files)}.`;
  return [diagnosis('files.shut', 'problem', what, { fixes: files.map((file) => setMode(file, file.mode | needed(file))) })];
}

function closed(file: FileFact): Fix {
  const bits = isProgram.test(file.place) ? ~othersWrite : ~others;
  return setMode(file, (file.mode & bits) | needed(file));
}

function setMode({ path }: FileFact, mode: number): Fix {
  return { do: 'setMode', path, mode };
}

function counted({ length }: readonly FileFact[]): string {
  return length === 1 ? '1 file or folder' : `${length} files and folders`;
}

function names(files: readonly FileFact[]): string {
  return someOf(files.map(({ place, path, mode }) => `${place || path} (${mode.toString(8)})`));
}

/** One word to a POSIX shell, whatever is in it. */
export function shellWord(text: string): string {
  return /^[\w./@+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
