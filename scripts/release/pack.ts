/**
 * Packs what was built last. The files are laid out in a folder of their own with the notices and the bill of materials,
 * so that neither the modes, times and order of this folder nor the machine's time zone and language get into the package.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { billOfMaterials } from './bill.ts';
import { bundledPackages } from './bundled-packages.ts';
import { licenceProblems, notices } from './licences.ts';
import { withoutDeadLinks } from './pages.ts';

/** `epoch`: what the package gives as its time, in seconds. Throws for a licence that may not be shipped. */
export function pack(root: string, vsix: string, epoch: number): void {
  const stage = mkdtempSync(join(tmpdir(), 'agor-stage-'));
  try {
    const files = listed(root);
    for (const file of files) copy(join(root, file), join(stage, file));
    writeOwn(root, stage, epoch);
    writePages(stage, new Set(files));
    // What is not named lies in no package; the stage holds nothing else.
    writeFileSync(join(stage, '.vscodeignore'), '');
    vsce(root, stage, ['package', ...flags, '--no-rewrite-relative-links', '--out', resolve(vsix)], environmentFor(epoch));
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

const flags = ['--no-dependencies', '--allow-missing-repository'];

/** By .vscodeignore, sorted. */
function listed(root: string): string[] {
  return vsce(root, root, ['ls', '--no-dependencies'], process.env)
    .split('\n')
    .filter((line) => line !== '')
    .sort();
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
  chmodSync(to, 0o644);
}

function writeOwn(root: string, stage: string, epoch: number): void {
  const packages = bundledPackages(root);
  const problems = licenceProblems(packages);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  const product = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  write(join(stage, 'THIRD_PARTY_NOTICES.txt'), notices(packages));
  write(join(stage, 'sbom.cdx.json'), billOfMaterials(product, packages, new Date(epoch * 1000)));
}

function writePages(stage: string, files: ReadonlySet<string>): void {
  for (const page of ['README.md', 'CHANGELOG.md', 'SECURITY.md']) {
    const path = join(stage, page);
    write(
      path,
      withoutDeadLinks(readFileSync(path, 'utf8'), (target) => files.has(target)),
    );
  }
}

function write(path: string, text: string): void {
  writeFileSync(path, text);
  chmodSync(path, 0o644);
}

/** A zip keeps local time, and vsce sorts by the language. */
function environmentFor(epoch: number): NodeJS.ProcessEnv {
  return { ...process.env, SOURCE_DATE_EPOCH: String(epoch), TZ: 'UTC', LC_ALL: 'C', LANG: 'C' };
}

function vsce(root: string, cwd: string, args: readonly string[], env: NodeJS.ProcessEnv): string {
  const program = join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
  return execFileSync(process.execPath, [program, ...args], { cwd, env, encoding: 'utf8' });
}
