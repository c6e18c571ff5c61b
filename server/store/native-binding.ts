/** Where SQLite's native part is: beside the bundle when built, in the package when run from sources. */
import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

let known: { readonly path: string | undefined } | undefined;

/** Undefined lets the package find its own prebuilt file. Looked for once: it does not change while the program runs. */
export function nativeBindingPath(): string | undefined {
  known ??= { path: find() };
  return known.path;
}

function find(): string | undefined {
  const name = nativeBindingName({ platform: process.platform, architecture: process.arch, isMusl: isMusl() });
  // Bundles lie in dist/ or in dist/cli/.
  return ['./native/', '../native/']
    .map((folder) => fileURLToPath(new URL(folder + name, import.meta.url)))
    .find((path) => existsSync(path));
}

type Machine = { readonly platform: NodeJS.Platform; readonly architecture: string; readonly isMusl: boolean };

/** Pure: as the files are called in the package. */
export function nativeBindingName({ platform, architecture, isMusl }: Machine): string {
  return `${isMusl ? 'linuxmusl' : platform}-${architecture}.node`;
}

/** As the loader that the running Node asks for in its first page; Node's own report on itself took longer than opening a database. */
function isMusl(): boolean {
  if (process.platform !== 'linux') return false;
  const page = Buffer.alloc(4096);
  const file = openSync(process.execPath, 'r');
  try {
    readSync(file, page);
  } finally {
    closeSync(file);
  }
  return page.includes('/ld-musl-');
}
