/** Builds the catalogue over the folders that agents can write: nothing in them is run to ask for its version. */
import { homedir } from 'node:os';
import { Catalogue } from '../catalogue/catalogue.ts';
import { programVersion } from '../catalogue/program-version.ts';
import type { Parts } from '../parts.ts';
import type { ServerOptions } from '../server-options.ts';

export function buildCatalogue({ paths }: ServerOptions, { projects, settings, workspaces }: Parts): Catalogue {
  return new Catalogue({
    environment: process.env,
    homeDir: homedir(),
    systemPlaces: ['/usr/local/bin', '/opt/homebrew/bin'],
    written: () => [
      paths.dataDir,
      ...projects.list().map(({ path }) => path),
      ...workspaces.worktrees.folders(),
      ...settings.get('sandbox.readWritePaths'),
    ],
    versionOf: programVersion,
  });
}
