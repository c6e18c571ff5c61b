/** The backend's main: takes the owner lock, and ends when nobody needs it any more. One per data directory. */
import { live, startFailure, takeLock } from './backend-life.ts';
import { keepCompiled } from './base/compile-cache.ts';
import { dataPaths } from './base/data-paths.ts';
import { closeInheritedFiles } from './base/inherited-files.ts';
import { type Config, readConfig } from './config.ts';
import { readGivenSecrets } from './given-secrets.ts';
import { AgorError } from './protocol/errors.ts';
import type { Server } from './server.ts';
import { smokeTest } from './smoke-test.ts';

const idleLookEveryMs = 5_000;
const manner = {
  isService: false,
  endingSignals: ['SIGTERM', 'SIGINT'],
  exitCodes: { crashed: 1, handedOver: 0 },
} as const;

async function main(): Promise<void> {
  keepCompiled();
  const config = readConfig(process.argv.slice(2), process.env);
  const givenSecrets = await readGivenSecrets(config);
  closeInheritedFiles();
  process.umask(0o077);
  const paths = dataPaths(config.dataDir);
  if (config.isSmokeTest) return smokeTest(config, paths).then(() => process.exit());
  const lock = takeLock(paths);
  if (!lock && givenSecrets.size > 0)
    throw new AgorError('conflict', 'A backend runs already, so these secrets were given to nobody. End it first.');
  if (!lock) process.exit(0);
  const { server, end } = await live({ config, paths, lock, givenSecrets, manner });
  endWhenIdle(server, config, end);
}

/** Agents that only sit there are stopped too; their next prompt starts everything again. */
function endWhenIdle(server: Server, { idleEndMs }: Config, end: (reason: string) => void): void {
  let idleSince = performance.now();
  const look = async () => {
    if (!server.isIdle()) idleSince = performance.now();
    if (performance.now() - idleSince < idleEndMs) return;
    idleSince = Number.POSITIVE_INFINITY;
    await server.stopAgents();
    // Stopping takes its time: whoever came meanwhile keeps the backend.
    if (server.isIdle()) end('nothing to do');
    else idleSince = performance.now();
  };
  setInterval(() => void look(), Math.min(idleLookEveryMs, idleEndMs)).unref();
}

/** The starter reads the last line on stderr. */
main().catch((error: unknown) => {
  process.stderr.write(`${JSON.stringify(startFailure(error))}\n`);
  process.exit(1);
});
