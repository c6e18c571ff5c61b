/** MAIN of `agor serve`: the backend in the foreground, for a machine without windows. It never ends for want of work. */
import { live, type Manner, startFailure, takeLock } from './backend-life.ts';
import { readBuildInfo } from './base/build-info.ts';
import { dataPaths } from './base/data-paths.ts';
import { closeInheritedFiles } from './base/inherited-files.ts';
import { readConfig } from './config.ts';
import { readGivenSecrets } from './given-secrets.ts';
import { claim } from './service/claim.ts';
import { isForPerson, showOn } from './service/console-log.ts';
import { serviceExit } from './service/exit-codes.ts';
import { smokeTest } from './smoke-test.ts';

async function main(): Promise<void> {
  const config = readConfig(process.argv.slice(2), process.env);
  const givenSecrets = await readGivenSecrets(config);
  closeInheritedFiles();
  process.umask(0o077);
  const paths = dataPaths(config.dataDir);
  if (config.isSmokeTest) return smokeTest(config, paths).then(() => process.exit());
  const lock = await claim({
    takeLock: () => takeLock(paths),
    ...{ ownerRecord: paths.ownerRecord, dataDir: paths.dataDir, build: readBuildInfo(config.programDir) },
    onTakeOver: (pid) => process.stderr.write(`The backend that a window or a command started (pid ${pid}) makes way; agents go on.\n`),
  });
  const form = isForPerson(process.env, process.stdout.isTTY) ? 'readable' : 'json';
  const manner: Manner = {
    isService: true,
    endingSignals: ['SIGTERM', 'SIGINT', 'SIGHUP'],
    show: showOn(process.stdout, form),
    exitCodes: serviceExit,
  };
  await live({ config, paths, lock, givenSecrets, manner });
}

main().catch((error: unknown) => {
  const { code, message } = startFailure(error);
  process.stderr.write(`error: ${message}\n`);
  process.exit(code === 'badRequest' ? serviceExit.wrongUsage : serviceExit.refused);
});
