/** Which packages the product is made of, as the bundler wrote it down in dist/meta, and what each is. */
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

export type BundledPackage = {
  readonly name: string;
  readonly version: string;
  /** As an SPDX expression; empty where its package.json names none. */
  readonly licence: string;
  /** Its folder below the root: two versions of one package are two of these. */
  readonly folder: string;
  /** The programs and files that hold parts of it, sorted. */
  readonly partOf: readonly string[];
  /** Of the archive it was installed from, as the lockfile has it. */
  readonly integrity: string;
  /** The texts that it asks to be passed on. */
  readonly licenceText: string;
};

type Metafile = {
  readonly outputs: Readonly<Record<string, { readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>> }>>;
};

/** What is copied as it is, by its place in the package; the bundler knows nothing of it. */
const copied = [
  { from: 'node_modules/better-sqlite3/prebuilds', to: 'dist/native' },
  { from: 'node_modules/koffi', to: 'dist/native/koffi' },
  { from: 'node_modules/@vscode/codicons/dist', to: 'dist/webviews/codicon' },
] as const;

/** By name, then version. Of the tests' bundles nothing counts, because they are not shipped. */
export function bundledPackages(root: string): BundledPackage[] {
  const partsOf = new Map<string, Set<string>>();
  const add = (path: string, part: string) => {
    const folder = packageFolder(path);
    if (folder) partsOf.set(folder, (partsOf.get(folder) ?? new Set()).add(part));
  };
  for (const { path, part } of bundledInputs(root)) add(path, part);
  for (const { from, to } of copied) add(`${from}/`, to);
  const { packages } = readJson<{ packages: Record<string, { integrity?: string }> }>(join(root, 'package-lock.json'));
  return [...partsOf]
    .map(([folder, parts]) => describe(root, { folder, partOf: [...parts].sort(), integrity: packages[folder]?.integrity ?? '' }))
    .sort((a, b) => compare(a.name, b.name) || compare(a.version, b.version));
}

/** Pure: the folder of the innermost package that a path lies in; undefined for our own files. */
export function packageFolder(path: string): string | undefined {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0];
}

function bundledInputs(root: string): { path: string; part: string }[] {
  const metafiles = globSync('dist/meta/*.json', { cwd: root }).filter((file) => !basename(file).includes('.test.'));
  return metafiles.flatMap((file) => {
    const { outputs } = readJson<Metafile>(join(root, file));
    return Object.entries(outputs).flatMap(([part, { inputs }]) =>
      Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [{ path, part }] : [])),
    );
  });
}

function describe(root: string, found: Pick<BundledPackage, 'folder' | 'partOf' | 'integrity'>): BundledPackage {
  const { name, version, license } = readJson<{ name: string; version: string; license?: unknown }>(
    join(root, found.folder, 'package.json'),
  );
  const licence = typeof license === 'string' ? license : '';
  return { name, version, licence, ...found, licenceText: licenceText(join(root, found.folder)) };
}

function licenceText(folder: string): string {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => /^(licen[cs]e|notice|copying)/i.test(name)) : [];
  return names
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n').trim())
    .join('\n\n');
}

function readJson<T>(path: string): T {
  // Written by npm, the bundler and package authors; what is missing in it shows as missing in the bill.
  return JSON.parse(readFileSync(path, 'utf8')) as T;
}

/** Not by the language of the machine. */
function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
