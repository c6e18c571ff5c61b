/** Which file a command names, as the system would find it: the fence is built around that file. */
import { accessSync, constants, type Stats, statSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { type ProgramOptions, startFailure } from './program.ts';

type Command = ProgramOptions['command'];
type Place = Pick<ProgramOptions, 'command' | 'cwd' | 'environment'>;

/** The command with its program's absolute path, links in it not followed. Throws `agentFailed`, naming what was tried. */
export function resolveProgram({ command, cwd, environment }: Place): Command {
  const [file, ...args] = command;
  if (process.platform === 'win32') return onWindows({ command, cwd });
  const candidates = file.includes('/') ? [resolve(cwd, file)] : folders(environment.PATH).map((folder) => join(folder, file));
  const problems = candidates.map(problemOf);
  const found = candidates[problems.indexOf(null)];
  if (found !== undefined && isFolder(cwd)) return [found, ...args];
  // The system names the first real obstacle, and not the folders where there is nothing.
  const code = problems.includes('EACCES') ? 'EACCES' : 'ENOENT';
  throw startFailure({ command, cwd }, Object.assign(new Error(`${code}: ${file}`), { code, syscall: 'spawn' }));
}

/**
 * Windows finds programs by rules of its own, and there is no fence to be built around the file. A batch file is refused: only
 * a shell runs one, which would read what is in the arguments as commands.
 */
export function onWindows({ command, cwd }: Pick<Place, 'command' | 'cwd'>): Command {
  if (!/\.(cmd|bat)[\s.]*$/i.test(command[0])) return command;
  const why = 'it is a batch file, which only a shell runs. Name the program that it starts instead, such as node.exe with its script';
  throw startFailure({ command, cwd }, new Error(why));
}

function folders(path = ''): string[] {
  return path.split(':').filter(isAbsolute);
}

function problemOf(path: string): 'ENOENT' | 'EACCES' | null {
  const stat = statOf(path);
  if (!stat) return 'ENOENT';
  if (!stat.isFile()) return 'EACCES';
  try {
    accessSync(path, constants.X_OK);
    return null;
  } catch {
    // There, but not to be run by us.
    return 'EACCES';
  }
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    // A null byte in it, or a folder that we may not look into: nothing that we could start.
    return undefined;
  }
}

function isFolder(path: string): boolean {
  return statOf(path)?.isDirectory() ?? false;
}
