import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, beforeEach, it } from 'node:test';
import { MachineFence } from '../../../server/agents/machine-fence.ts';
import { SandboxTrials } from '../../../server/agents/supervisor-trial.ts';
import { newId } from '../../../server/base/uuid.ts';
import type { RunId } from '../../../server/protocol/ids.ts';
import type { NetworkAccess, SandboxExplanation } from '../../../server/protocol/sandbox.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { newRunRecord } from '../../support/worker-world.ts';

const program = join(import.meta.dirname, '../../fixtures/trials/tries.mjs');
let root: string;
let trials: SandboxTrials;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'agor-trials-'));
  trials = new SandboxTrials({ program, dir: join(root, 'trials') });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const recordThat = (model: string | null) => newRunRecord({ runId: newId<RunId>(), model });

it('what was found is given back, and the record is gone', async () => {
  const found = await trials.try(recordThat(null));
  assert.deepEqual([found.state.files, found.argv, found.resources?.by], ['full', ['/bin/true'], ['prlimit']]);
  assert.deepEqual(readdirSync(join(root, 'trials')), []);
});

for (const [name, model, message] of [
  ['fails', 'fail', /could not be tried out: No bubblewrap here\./],
  ['prints no explanation', 'garbage', /it printed nothing that can be read/],
  ['prints without an end', 'flood', /ended by SIGKILL/],
] as const) {
  it(`a trial that ${name} is refused with its reason`, async () => {
    await assert.rejects(trials.try(recordThat(model)), { code: 'agentFailed', message });
  });
}

it('a trial that hangs is ended with what it started, when its time is up', async () => {
  trials = new SandboxTrials({ program, dir: join(root, 'trials') }, { timeoutMs: 300 });
  await assert.rejects(trials.try(recordThat('hang')), { code: 'agentFailed', message: /longer than 1 s/ });
});

it('a trial that runs when the backend ends may come to its end', async () => {
  const trying = trials.try(recordThat(null));
  await trials.close();
  assert.equal((await trying).state.files, 'full');
});

it('a trial that does not come to its end then is ended', async () => {
  trials = new SandboxTrials({ program, dir: join(root, 'trials') }, { endTimeoutMs: 50 });
  const trying = assert.rejects(trials.try(recordThat('hang')), { code: 'agentFailed', message: /ended by SIGKILL/ });
  await trials.close();
  await trying;
});

it('a program that is not there is told as such', async () => {
  trials = new SandboxTrials({ program: join(root, 'missing.mjs'), dir: join(root, 'trials') });
  await assert.rejects(trials.try(recordThat(null)), { code: 'agentFailed', message: /Cannot find module/ });
});

/** The machine's fence, over trials that a test answers. */
class Machine {
  readonly clock = new FakeClock();
  readonly asked: { readonly dir: string; readonly settle: PromiseWithResolvers<SandboxExplanation> }[] = [];
  readonly logged: string[] = [];
  changes = 0;
  readonly root = mkdtempSync(join(tmpdir(), 'agor-machine-'));
  readonly fence = new MachineFence({
    scratch: join(this.root, 'fence-'),
    clock: this.clock,
    recordIn: (dir) => newRunRecord({ projectDir: join(dir, 'project'), agentDir: join(dir, 'agent'), privateDir: join(dir, 'private') }),
    try: ({ projectDir }) => {
      assert.ok(statSync(projectDir).isDirectory());
      this.asked.push({ dir: projectDir, settle: Promise.withResolvers() });
      return this.asked.at(-1)?.settle.promise ?? Promise.reject(new Error('nothing was asked'));
    },
    log: (message) => void this.logged.push(message),
  });

  constructor() {
    after(() => rmSync(this.root, { recursive: true, force: true }));
    this.fence.changed.on(() => {
      this.changes += 1;
    });
  }

  async look(): Promise<void> {
    this.fence.look();
    this.clock.advance(1_000);
    await settled();
  }

  async answer(index: number, network: NetworkAccess): Promise<void> {
    const state: SandboxExplanation['state'] = {
      ...{ files: 'full', network, mode: 'preferred', layers: [] },
      ...{ landlockAbi: 7, gaps: [], remedy: null },
    };
    this.asked[index]?.settle.resolve({ state, paths: [], network: [], proofs: [], argv: [] });
    await settled();
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

it('what a killed one left is cleared away by the next look', async () => {
  const machine = new Machine();
  mkdirSync(join(machine.root, 'fence-old', 'project'), { recursive: true });
  await machine.look();
  await machine.answer(0, 'open');
  assert.deepEqual(readdirSync(machine.root), []);
});

it('what this machine gives is unknown until it was looked for, once for what is asked at once', async () => {
  const machine = new Machine();
  machine.fence.look();
  machine.fence.look();
  assert.deepEqual([machine.fence.found, machine.asked.length], [{ sandbox: null, resources: null }, 0]);
  await machine.look();
  assert.equal(machine.asked.length, 1);
  await machine.answer(0, 'open');
  assert.deepEqual([machine.fence.found.sandbox?.network, machine.changes], ['open', 1]);
  assert.throws(() => statSync(machine.asked[0]?.dir ?? ''), { code: 'ENOENT' });
});

it('what was found for settings that have changed since does not count', async () => {
  const machine = new Machine();
  await machine.look();
  await machine.look();
  await machine.answer(1, 'none');
  await machine.answer(0, 'open');
  assert.deepEqual([machine.fence.found.sandbox?.network, machine.changes], ['none', 1]);
});

it('a look that fails is logged, and leaves what was known', async () => {
  const machine = new Machine();
  await machine.look();
  await machine.answer(0, 'open');
  await machine.look();
  machine.asked[1]?.settle.reject(new Error('no'));
  await settled();
  assert.deepEqual([machine.logged.length, machine.fence.found.sandbox?.network], [1, 'open']);
});
