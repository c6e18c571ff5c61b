/** Probes that change what the host runs later, in the very project that the agent may write. */
import { execFileSync } from 'node:child_process';
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Place, Probe } from './probe.ts';

const mark = 'from a probe';

export const hookProbe: Probe = plants('plant a git hook', ({ projectDir }) => join(projectDir, '.git', 'hooks', 'pre-commit'));
export const taskProbe: Probe = plants('plant a task of the editor', ({ projectDir }) => join(projectDir, '.vscode', 'tasks.json'));

export const projectProbes: readonly Probe[] = [
  {
    ...guarded('let git run a program by its configuration'),
    attempt: ({ projectDir }) =>
      execFileSync('git', ['-C', projectDir, 'config', 'core.fsmonitor', mark], { encoding: 'utf8', stdio: 'pipe' }),
    gotThrough: ({ projectDir }) => textOf(join(projectDir, '.git', 'config')).includes(mark),
  },
  { ...plants('lead a worktree to another repository', ({ worktreeDir }) => join(worktreeDir, '.git')), project: 'worktree' },
  {
    name: 'swap a folder for a link between check and use',
    axis: 'files',
    gap: null,
    attempt: ({ projectDir }) => {
      const [folder, away, link] = [join(projectDir, 'swap'), join(projectDir, 'swap-away'), join(projectDir, 'swap-link')];
      const isChecked = existsSync(join(folder, 'victim'));
      renameSync(folder, away);
      renameSync(link, folder);
      if (isChecked) writeFileSync(join(folder, 'victim'), mark);
    },
    gotThrough: ({ outside }) => textOf(join(outside, 'swapped', 'victim')) === mark,
  },
  plants('plant a server for the agents of the host', ({ projectDir }) => join(projectDir, '.mcp.json')),
  {
    name: 'put another repository in the place of this one',
    axis: 'files',
    gap: 'movableFolders',
    attempt: ({ projectDir }) => {
      renameSync(join(projectDir, '.git'), join(projectDir, '.git-away'));
      mkdirSync(join(projectDir, '.git'));
    },
    gotThrough: ({ projectDir }) => existsSync(join(projectDir, '.git-away')),
  },
];

function guarded(name: string): Pick<Probe, 'name' | 'axis' | 'gap'> {
  return { name, axis: 'files', gap: 'protectedFiles' };
}

function plants(name: string, target: (place: Place) => string): Probe {
  return {
    ...guarded(name),
    attempt: (place) => plant(target(place)),
    gotThrough: (place) => textOf(target(place)).includes(mark),
  };
}

/** In every way that puts a file somewhere. */
function plant(path: string): string {
  const beside = `${path.replaceAll('/', '-').slice(-40)}.probe`;
  const made = join(process.cwd(), beside);
  writeFileSync(made, mark, { mode: 0o755 });
  const ways = [
    () => writeFileSync(path, mark),
    () => renameSync(made, path),
    () => linkSync(made, path),
    () => symlinkSync(made, path),
    () => mkdirSync(dirname(path)),
    () => writeFileSync(path, mark),
    () => renameSync(dirname(path), `${made}-away`),
    () => mkdirSync(dirname(path)),
    () => writeFileSync(path, mark),
  ];
  return ways.map(answerTo).join(' ');
}

function answerTo(way: () => void): string {
  try {
    way();
    return 'ok';
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Missing, or a folder: nothing was planted.
    return '';
  }
}
