/** Makes the package twice from the commit, in two folders, later, with other modes, time zone and language, and compares. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { packageFolder } from './bundled-packages.ts';

export type Made = { readonly vsix: string; readonly hashes: readonly [string, string]; readonly remove: () => void };

const places = [
  { folder: 'a', umask: 0o022, environment: { TZ: 'UTC', LANG: 'C' } },
  { folder: 'another/place with spaces', umask: 0o002, environment: { TZ: 'Asia/Kathmandu', LANG: 'sv_SE.UTF-8' } },
] as const;

/** Needs a build in `root`, whose metafiles say which packages a build takes. */
export function makeTwice(root: string): Made {
  const home = mkdtempSync(join(tmpdir(), 'agor-twice-'));
  const remove = () => rmSync(home, { recursive: true, force: true });
  try {
    const [first, second] = places.map((place) => make(root, join(home, place.folder), place));
    if (first === undefined || second === undefined) throw new Error('unreachable: there are two places');
    return { vsix: first, hashes: [hashOf(first), hashOf(second)], remove };
  } catch (error) {
    remove();
    throw error;
  }
}

function make(root: string, folder: string, { umask, environment }: (typeof places)[number]): string {
  const before = process.umask(umask);
  try {
    mkdirSync(dirname(folder), { recursive: true });
    execFileSync('git', ['clone', '--quiet', '--no-hardlinks', root, folder], { stdio: ['ignore', 'ignore', 'inherit'] });
    bringPackages(root, folder);
    const vsix = join(folder, 'made.vsix');
    const { SOURCE_DATE_EPOCH: _, ...env } = process.env;
    execFileSync(process.execPath, ['scripts/package.ts', '--out', vsix], {
      cwd: folder,
      env: { ...env, ...environment },
      stdio: 'ignore',
    });
    return vsix;
  } finally {
    process.umask(before);
  }
}

/** What a build takes, as files of that folder, since a bundler follows links; the packer stays where its own packages are. */
function bringPackages(root: string, folder: string): void {
  for (const name of packagesOfBuild(root)) cpSync(join(root, name), join(folder, name), { recursive: true });
  mkdirSync(join(folder, 'node_modules', '@vscode'), { recursive: true });
  symlinkSync(join(root, 'node_modules/@vscode/vsce'), join(folder, 'node_modules/@vscode/vsce'));
}

function packagesOfBuild(root: string): Set<string> {
  const inputs = globSync('dist/meta/*.json', { cwd: root }).flatMap((file) =>
    Object.keys(JSON.parse(readFileSync(join(root, file), 'utf8')).inputs),
  );
  const tools = ['esbuild', 'better-sqlite3', 'koffi', '@vscode/codicons'].map((name) => `node_modules/${name}`);
  const native = globSync('node_modules/{@esbuild,@koromix}/*', { cwd: root });
  return new Set([...inputs.flatMap((path) => packageFolder(path) ?? []), ...tools, ...native]);
}

function hashOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
