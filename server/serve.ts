/** MAIN of `agor serve`: the backend in the foreground, for a machine without windows. It never ends for want of work. */
import { type Alive, live, type Manner, startFailure, takeLock } from './backend-life.ts';
import { readBuildInfo } from './base/build-info.ts';
import { keepCompiled } from './base/compile-cache.ts';
import { dataPaths } from './base/data-paths.ts';
import { closeInheritedFiles } from './base/inherited-files.ts';
import { readConfig } from './config.ts';
import { readGivenSecrets } from './given-secrets.ts';
import { refuseSecretVariables, shedSecretVariables } from './launch/serve.ts';
import { settingNames, variableOf } from './protocol/settings.ts';
import { claim } from './service/claim.ts';
import { isForPerson, showOn } from './service/console-log.ts';
import { unknownVariables } from './service/environment-table.ts';
import { serviceExit } from './service/exit-codes.ts';
import { forgetNotifyVariables, type NotifyPlan, notifyPlan } from './service/notify.ts';
import { openNotifySocket } from './service/notify-socket.ts';
import { roundEvery, statusLine, tellSystemd } from './service/tell-systemd.ts';
import { smokeTest } from './smoke-test.ts';

async function main(): Promise<void> {
  keepCompiled();
  const config = readConfig(process.argv.slice(2), process.env);
  if (config.secretsFd === undefined) shedSecretVariables();
  else refuseSecretVariables(process.env);
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
  const plan = notifyPlan(process.env, process.pid);
  forgetNotifyVariables(process.env);
  const form = isForPerson(process.env, process.stdout.isTTY) ? 'readable' : 'json';
  const manner: Manner = {
    isService: true,
    endingSignals: ['SIGTERM', 'SIGINT', 'SIGHUP'],
    show: showOn(process.stdout, form),
    exitCodes: serviceExit,
    roundEveryMs: roundEvery(plan?.watchdogMs),
  };
  const alive = await live({ config, paths, lock, givenSecrets, manner });
  const unknown = unknownVariables(process.env, settingNames.map(variableOf));
  if (unknown.length > 0)
    alive.logger.warn(`Nobody reads ${unknown.join(', ')}; "agor config list" has the settings, server/.env.example all variables.`);
  if (plan) keepTold(plan, alive);
}

/** Without a native part for this machine it cannot be told; the log says so, and systemd gives the start up in its time. */
function keepTold({ socketPath }: NotifyPlan, { server, logger, ending }: Alive): void {
  try {
    const { send, close } = openNotifySocket(socketPath);
    const stopTelling = tellSystemd({
      send,
      onRound: (call) => server.pulse.beaten.on(call),
      status: () => statusLine(server.health.get()),
      log: (message, fields) => logger.warn(fields, message),
    });
    ending(() => {
      stopTelling();
      close();
    });
  } catch (err) {
    logger.error({ err }, 'systemd cannot be told that the service is ready');
  }
}

main().catch((error: unknown) => {
  const { code, message } = startFailure(error);
  process.stderr.write(`error: ${message}\n`);
  process.exit(code === 'badRequest' ? serviceExit.wrongUsage : serviceExit.refused);
});
