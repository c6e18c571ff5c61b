/**
 * Builds that are like this one but for their name, their age, a step that they add to the schema, or the way in which
 * they fail: what an update brings, without another commit.
 */
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import esbuild, { type BuildOptions, type Plugin } from 'esbuild';
import type { BuildInfo } from '../../server/protocol/health.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const dist = join(root, 'dist');

export type OtherBuild = {
  readonly name: string;
  /** Milliseconds after the build in `dist`. */
  readonly later: number;
  /** Another one than that of `dist`: the two do not understand each other. */
  readonly contract?: string;
  /** A further step of the schema of `sessions.db`; the body of a function that gets `db`. */
  readonly migration?: string;
  /** What its backend does before anything else, but not in a smoke test. */
  readonly atStart?: string;
  readonly inSmokeTest?: string;
};

/** Returns the folder that it lies in, below `parent`. `from`: the programs that it is made of. */
export async function makeBuild(parent: string, wish: OtherBuild, from = dist): Promise<string> {
  const folder = join(parent, wish.name);
  cpSync(from, folder, { recursive: true, filter: (source) => !/dist\/(meta|test|webviews)(\/|$)/.test(source) });
  writeInfo(folder, wish);
  if (wish.migration !== undefined) await withMigration(folder, wish.migration);
  prepend(join(folder, 'backend.js'), wish);
  return folder;
}

function writeInfo(folder: string, { name, later, contract }: OtherBuild): void {
  const path = join(folder, 'build-info.json');
  // Written by the build, and checked by everything that reads it.
  const info = JSON.parse(readFileSync(path, 'utf8')) as BuildInfo;
  const other = { ...info, version: `${name}.0`, gitSha: name, buildTime: info.buildTime + later, ...(contract ? { contract } : {}) };
  writeFileSync(path, JSON.stringify(other));
  // It lists the programs as they were built.
  rmSync(join(folder, 'programs.json'), { force: true });
}

/** The product's own options, with one file that has more in it. */
async function withMigration(folder: string, body: string): Promise<void> {
  // The build script is plain JavaScript.
  const { optionsOf } = (await import('../../esbuild.mjs' as string)) as { optionsOf(bundle: object): BuildOptions };
  const bundle = { entry: 'server/backend.ts', out: join(folder, 'backend.js'), kind: 'node' };
  const options = optionsOf(bundle);
  await esbuild.build({ ...options, absWorkingDir: root, plugins: [...(options.plugins ?? []), further(body)] });
}

function further(body: string): Plugin {
  return {
    name: 'further-migration',
    setup(build) {
      build.onLoad({ filter: /server\/store\/sessions-schema\.ts$/ }, ({ path }) => {
        const source = readFileSync(path, 'utf8');
        const step = `[...ownMigrations, { version: ownMigrations.length + 1, name: 'further', up: (db) => { ${body} } }]`;
        const renamed = source.replace('export const sessionsMigrations', 'const ownMigrations');
        return { loader: 'ts', contents: `${renamed}\nexport const sessionsMigrations: readonly Migration[] = ${step};\n` };
      });
    },
  };
}

function prepend(path: string, { atStart = '', inSmokeTest = '' }: OtherBuild): void {
  const text = `if (process.argv.includes('--smoke-test')) { ${inSmokeTest} } else { ${atStart} }\n`;
  writeFileSync(path, `${text}${readFileSync(path, 'utf8')}`);
}
