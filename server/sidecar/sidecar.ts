/**
 * ROOT and MAIN of the sidecar: `sidecar <path of the run record>`. Drives one agent for as long as a backend wants it,
 * outlives any backend, and ends by itself when none comes for it.
 */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readBuildInfo } from '../base/build-info.ts';
import { keepCompiled } from '../base/compile-cache.ts';
import { readRunRecord } from '../base/run-record-file.ts';
import { buildId } from '../protocol/health.ts';
import { SidecarLog } from './sidecar-log.ts';
import { Sidecar } from './sidecar-run.ts';

main(process.argv[2]);

function main(recordPath: string | undefined): void {
  if (recordPath === undefined) {
    process.stderr.write('Usage: sidecar <path of the run record>\n');
    process.exit(2);
  }
  keepCompiled();
  const record = readRunRecord(recordPath);
  const build = readBuildInfo(dirname(fileURLToPath(import.meta.url)));
  // The outbox and the log are nobody else's to read; the program gets the person's own mask back.
  process.umask(0o077);
  const logs = new SidecarLog(record, build);
  logs.begin();
  const log = logs.of('runner');
  const cannotStart = (error: unknown) => {
    log.fatal({ err: error }, 'the sidecar cannot start');
    process.exit(1);
  };
  process.on('SIGHUP', () => log.info('SIGHUP is ignored: the sidecar outlives the terminal'));
  process.on('exit', (code) => logs.end(code));
  try {
    const sidecar = new Sidecar({ recordPath, record, logs, build: buildId(build) });
    process.on('uncaughtException', (error) => {
      log.fatal({ err: error }, 'the sidecar fails');
      sidecar.abandon();
      process.exit(1);
    });
    process.on('SIGTERM', () => sidecar.end('SIGTERM'));
    process.on('SIGINT', () => sidecar.end('SIGINT'));
    process.prependListener('exit', () => sidecar.abandon());
    sidecar.start().catch(cannotStart);
  } catch (error) {
    cannotStart(error);
  }
}
