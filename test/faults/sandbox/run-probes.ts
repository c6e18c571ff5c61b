/** Runs the probes in each setting that this machine has, as an ordinary user, and counts. */
import { execFile } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, cpSync, globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import esbuild from 'esbuild';
import { reachesOrdinaryUser } from '../../support/ordinary-user.ts';
import { hasBubblewrap, landlockHere } from '../../support/sandbox-world.ts';
import type { SettingReport } from './outcome.ts';
import { type Setting, settings } from './setting.ts';

export type ProbeFigures = {
  readonly name: string;
  readonly points: number;
  readonly through: number;
  /** Of those that got through, how many the state of the fence names. */
  readonly named: number;
  readonly seconds: number;
  /** Got through a fence that says it is full, or unnamed. */
  readonly problems: readonly string[];
};

const repository = fileURLToPath(new URL('../../..', import.meta.url));
const program = fileURLToPath(new URL('./run-setting.ts', import.meta.url));
const nobody = 65534;
const asRoot = 0o4755;
const run = promisify(execFile);

/** One for each setting that can be had here. */
export async function runProbes(chosen: readonly Setting[] = settings): Promise<ProbeFigures[]> {
  const figures: ProbeFigures[] = [];
  for (const setting of chosen.filter(isPossible)) figures.push(figuresOf(setting, await runSetting(setting)));
  return figures;
}

export function isPossible({ needsBubblewrap, landlockAbi }: Setting): boolean {
  return reachesOrdinaryUser() && landlockHere() >= Math.min(landlockAbi, 6) && (!needsBubblewrap || hasBubblewrap());
}

/** Not as root, whom no file mode holds back: then it would not be the fence that was tried. */
export async function runSetting({ name }: Setting): Promise<SettingReport> {
  const isRoot = process.getuid?.() === 0;
  // Where another user may go, too.
  const parent = mkdtempSync(join(isRoot ? '/var/tmp' : tmpdir(), 'agor-probes-'));
  try {
    await buildPrograms(join(parent, 'programs'));
    const rootProgram = isRoot ? makeRootProgram(parent) : '';
    if (isRoot) chownSync(parent, nobody, nobody);
    const user = isRoot ? { uid: nobody, gid: nobody } : {};
    const environment = { PATH: process.env.PATH ?? '', HOME: parent, TMPDIR: parent };
    const { stdout } = await run(process.execPath, [program, name, parent, rootProgram], { ...user, env: environment, cwd: '/' });
    return JSON.parse(stdout);
  } finally {
    rmSync(parent, { recursive: true, force: true });
  }
}

export function problemsIn({ state, outcomes }: SettingReport): string[] {
  const through = outcomes.filter(({ isThrough }) => isThrough);
  return [
    ...through.filter(({ isNamed }) => !isNamed).map(({ probe, answer }) => `"${probe}" got through and is not named: ${answer}`),
    ...through
      .filter(({ axis }) => axis === 'files' && state?.files === 'full')
      .map(({ probe }) => `"${probe}" got through a fence that says it is full.`),
  ];
}

function figuresOf({ name }: Setting, report: SettingReport): ProbeFigures {
  const through = report.outcomes.filter(({ isThrough }) => isThrough);
  return {
    name,
    points: report.outcomes.length,
    through: through.length,
    named: through.filter(({ isNamed }) => isNamed).length,
    seconds: report.seconds,
    problems: problemsIn(report),
  };
}

/** As they are shipped, and away from the repository, which another user may not be let into. */
async function buildPrograms(folder: string): Promise<void> {
  await esbuild.build({
    entryPoints: [join(repository, 'server/sandbox/launcher.ts'), join(repository, 'test/faults/sandbox/attempt.ts')],
    ...{ bundle: true, platform: 'node', format: 'esm', outdir: folder, entryNames: '[name]', outExtension: { '.js': '.mjs' } },
  });
  const native = globSync(`node_modules/@koromix/koffi-linux-${process.arch}/*_${process.arch}/koffi.node`, { cwd: repository });
  for (const path of native) {
    const libc = path.includes('musl') ? 'linuxmusl' : 'linux';
    cpSync(join(repository, path), join(folder, 'native', 'koffi', `${libc}-${process.arch}.node`));
  }
}

function makeRootProgram(folder: string): string {
  const path = join(folder, 'id');
  copyFileSync('/usr/bin/id', path);
  chmodSync(path, asRoot);
  return path;
}
