/** Where SQLite's native part is: beside the bundle when built, in the package when run from sources. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Undefined lets the package find its own prebuilt file. */
export function nativeBindingPath(): string | undefined {
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

function isMusl(): boolean {
  if (process.platform !== 'linux') return false;
  const report: unknown = process.report.getReport();
  // The report is untyped; a glibc system names its version in the header.
  const header = (report as { header?: { glibcVersionRuntime?: string } }).header;
  return header?.glibcVersionRuntime === undefined;
}
