/** One life of a backend with one call in it. */

import { Ledger } from './ledger.ts';
import { LiveBackend, playSidecar, recordSidecar, StageVoice } from './live.ts';
import { Random } from './random.ts';
import { ConnectionGone } from './raw-client.ts';
import { Stage } from './stage.ts';
import type { Template } from './template.ts';
import { verbs } from './verbs.ts';

export type VerbRun = {
  readonly dist: string;
  readonly template: Template;
  /** A copy of the template. */
  readonly dataDir: string;
  readonly verb: string;
  /** What the backend is started under. */
  readonly under: readonly string[];
  /** It is up, and nothing was called yet. */
  readonly onReady?: () => void;
  /** What was refused is asked for once more. */
  readonly thenAgain?: boolean;
};

export type VerbOutcome = {
  readonly ledger: Ledger;
  /** It came so far that it could be called. */
  readonly wasReady: boolean;
  /** Why the call was refused; undefined when it was acknowledged, or cut off. */
  readonly refusal: unknown;
  readonly refusedAgain: boolean;
  /** Whether it could still be asked for something else, and stopped in order. */
  readonly endedInOrder: boolean;
  readonly stderr: string;
};

/** One that neither answers nor ends is killed after so long, and counts as one that could not be asked any more. */
const lifeMs = 60_000;

/** Starts a backend, calls the verb, asks for something else, and stops it in order; however far it comes. */
export async function runVerb({
  dist,
  template,
  dataDir,
  verb,
  under,
  thenAgain = false,
  onReady = () => {},
}: VerbRun): Promise<VerbOutcome> {
  const ledger = new Ledger();
  recordSidecar(dataDir, template.stages[0], null);
  const backend = new LiveBackend({ dist, dataDir, under });
  const wasReady = (await backend.ready()) !== undefined;
  if (wasReady) onReady();
  const deadline = setTimeout(() => void backend.kill(), lifeMs);
  const called = wasReady ? await callOn(backend, ledger, { template, verb, thenAgain }) : nothingSaid;
  const exitCode = await backend.exited;
  clearTimeout(deadline);
  return { ledger, wasReady, ...called, endedInOrder: !called.wasCut && exitCode === 0, stderr: backend.stderr };
}

type Called = { readonly refusal: unknown; readonly refusedAgain: boolean; readonly wasCut: boolean };

const nothingSaid: Called = { refusal: undefined, refusedAgain: false, wasCut: true };

async function callOn(
  backend: LiveBackend,
  ledger: Ledger,
  { template, verb, thenAgain = false }: Pick<VerbRun, 'template' | 'verb' | 'thenAgain'>,
): Promise<Called> {
  let voice: StageVoice | undefined;
  try {
    const stage = new Stage(template.stages[0]);
    voice = new StageVoice(await backend.client(), { stage, sidecar: await playSidecar(backend.dataDir, template.stages[0]) });
    const refusal = await call(verb, 1, { voice, ledger, stage });
    const again = thenAgain && refusal !== undefined ? await call(verb, 2, { voice, ledger, stage }) : undefined;
    await voice.call('health/get', {});
    await voice.call('backend/stop', {});
    return { refusal, refusedAgain: again !== undefined, wasCut: false };
  } catch {
    // Killed, or no longer answering: `wasCut` says so.
    await backend.kill();
    return nothingSaid;
  } finally {
    voice?.close();
  }
}

type Callers = { readonly voice: StageVoice; readonly ledger: Ledger; readonly stage: Stage };

/** Answers why it was refused. Rejects when the connection went. */
async function call(verb: string, n: number, { voice, ledger, stage }: Callers): Promise<unknown> {
  const attempt = verbs.get(verb)?.attempt(stage, { name: 'one', n }, new Random(n));
  if (!attempt) throw new Error(`the table of verbs has no ${verb}`);
  ledger.intend(attempt.entry);
  try {
    ledger.ack(attempt.entry, await attempt.perform(voice));
    return undefined;
  } catch (error) {
    if (error instanceof ConnectionGone) throw error;
    return error;
  }
}
