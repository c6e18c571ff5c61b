/**
 * ROOT and MAIN of a small program: `explain-sandbox <path of a run record>` prints what the program of that run would
 * be fenced in by, each claim with what was tried, as one JSON document. Nothing of the agent is started.
 */
import { keepCompiled } from '../base/compile-cache.ts';
import { readRunRecord } from '../base/run-record-file.ts';
import { SecretFilter } from '../leaks/secret-filter.ts';
import { AgorError } from '../protocol/errors.ts';
import type { RunRecord } from '../protocol/run-record.ts';
import type { SandboxExplanation } from '../protocol/sandbox.ts';
import { explainFence } from '../sandbox/explain.ts';
import { noHooks } from './adapter.ts';
import { unbounded } from './limits/resource-fence.ts';
import { withHeapBound } from './node-heap.ts';
import type { ProgramOptions } from './program.ts';
import { boundsOf, sandboxRequest } from './program-chain.ts';
import { temporaryDir } from './program-environment.ts';
import { createAdapter } from './providers.ts';
import { resolveProgram } from './resolve-program.ts';
import { makeScratch, removeScratch } from './scratch.ts';

main(process.argv[2]).catch((error: unknown) => {
  process.stderr.write(`${error instanceof AgorError ? error.message : String(error instanceof Error ? error.stack : error)}\n`);
  process.exit(1);
});

async function main(recordPath: string | undefined): Promise<void> {
  if (recordPath === undefined) {
    process.stderr.write('Usage: explain-sandbox <path of a run record>\n');
    process.exit(2);
  }
  keepCompiled();
  process.umask(0o077);
  const explanation = await explain(readRunRecord(recordPath));
  process.stdout.write(`${JSON.stringify(explanation)}\n`, () => process.exit(0));
}

async function explain(record: RunRecord): Promise<SandboxExplanation> {
  const options = await programOf(record);
  const command = resolveProgram(options);
  const { limits } = record;
  const environment = limits ? withHeapBound(options.environment, command[0], limits.maxHeapMb) : options.environment;
  const scratch = temporaryDir(record);
  makeScratch(scratch);
  const explanation = await explainFence(sandboxRequest(record, command, environment));
  await removeScratch(scratch, () => {});
  const raised = await boundsOf(record, { onTold: () => {}, log: () => {} })?.raise({
    isFenced: explanation.state.files !== 'off',
    runtimeDir: environment.XDG_RUNTIME_DIR,
  });
  await raised?.end({ code: 0, signal: null });
  return { ...explanation, resources: raised?.fence ?? unbounded };
}

/** What its adapter would start, by letting it begin and going no further. */
async function programOf(record: RunRecord): Promise<ProgramOptions> {
  const { promise, resolve, reject } = Promise.withResolvers<ProgramOptions>();
  const startProgram = (options: ProgramOptions) => {
    resolve(options);
    return Promise.reject(new AgorError('cancelled', 'Enough is known.'));
  };
  const place = { runToken: '', controlSocket: '', filter: new SecretFilter(), hooks: noHooks, isTrial: true };
  const wiring = { ...place, startProgram, emit: () => {}, onExit: () => {}, log: () => {} };
  createAdapter(record, {}, wiring)
    .open({ providerSessionId: null, model: record.model ?? null })
    .catch(reject);
  return promise;
}
