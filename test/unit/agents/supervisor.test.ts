import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { RunFiles } from '../../../server/agents/run-files.ts';
import type { SidecarLink } from '../../../server/agents/sidecar-link.ts';
import { type Run, type RunGone, Supervisor, type SupervisorOptions } from '../../../server/agents/supervisor.ts';
import { isSameProcess, processIdentity } from '../../../server/base/process-identity.ts';
import { newId } from '../../../server/base/uuid.ts';
import { type SidecarHello, sidecarWireVersion } from '../../../server/protocol/handshake.ts';
import type { AgentId, RunId } from '../../../server/protocol/ids.ts';
import type { RunRecord } from '../../../server/protocol/run-record.ts';
import { newRunRecord } from '../../support/worker-world.ts';

const sidecarProgram = join(import.meta.dirname, '../../fixtures/sidecars/idle.mjs');
const impatient: SupervisorOptions = { greetTimeoutMs: 300, stopTimeoutMs: 100, returnTimeoutMs: 100 };

let root: string;
let supervisor: Supervisor;
let gone: RunGone[];
const children: ChildProcess[] = [];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'agor-supervisor-'));
  gone = [];
  supervisor = create();
});
afterEach(async () => {
  await Promise.all(supervisor.runs().map(({ record }) => supervisor.stop(record.agentId)));
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(root, { recursive: true, force: true });
});

function create(options: SupervisorOptions = impatient): Supervisor {
  const places = { agentsDir: join(root, 'agents'), runRecordsDir: join(root, 'run') };
  const made = new Supervisor({ ...places, sidecarProgram, log: () => {} }, options);
  made.gone.on((end) => void gone.push(end));
  return made;
}

function record(fields: Partial<RunRecord> = {}): RunRecord {
  return newRunRecord({ agentId: newId<AgentId>(), createdAt: Date.now(), ...fields });
}

function hello(run: RunRecord, token = run.token): SidecarHello {
  const { runId, agentId } = run;
  const nothing = { programPid: null, programVersion: null, sessionId: null, capabilities: null, turnId: null, promptId: null };
  return { role: 'sidecar', token, wireVersion: sidecarWireVersion, build: 'b', runId, agentId, pid: 1, ...nothing };
}

class FakeLink implements SidecarLink {
  readonly asked: string[] = [];
  readonly #closed = Promise.withResolvers<void>();
  readonly closed = this.#closed.promise;
  isOpen = true;
  onStop: () => void = () => {};

  async request(method: string): Promise<never> {
    this.asked.push(method);
    if (method === 'run/stop') this.onStop();
    // Nobody looks at what this one answers.
    return {} as never;
  }

  close(): void {
    this.isOpen = false;
    this.#closed.resolve();
  }
}

/** Starts one that greets at once. */
async function started(fields: Partial<RunRecord> = {}): Promise<{ run: Run; link: FakeLink }> {
  const wanted = record(fields);
  const link = new FakeLink();
  const starting = supervisor.start(wanted);
  supervisor.accept(hello(wanted), link);
  const run = await starting;
  link.onStop = () => kill(run, 'SIGTERM');
  return { run, link };
}

function kill({ record: { sidecar } }: Run, signal: NodeJS.Signals): void {
  assert.ok(sidecar);
  process.kill(sidecar.pid, signal);
}

function runs({ record: { sidecar } }: Run): boolean {
  assert.ok(sidecar);
  return isSameProcess(sidecar);
}

function recordPath({ agentId }: RunRecord): string {
  return join(root, 'run', `${agentId}.json`);
}

async function sleeper(): Promise<ChildProcess & { pid: number }> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 60_000)'], { detached: true, stdio: 'ignore' });
  children.push(child);
  await once(child, 'spawn');
  assert.ok(child.pid);
  return Object.assign(child, { pid: child.pid });
}

describe('a start', () => {
  it('is over when the sidecar has greeted, and its record lies where the next backend finds it', async () => {
    const { run } = await started();
    assert.equal(runs(run), true);
    assert.equal(supervisor.run(run.record.agentId), run);
    assert.equal(statSync(recordPath(run.record)).mode & 0o777, 0o600);
  });

  it('of a sidecar that does not greet in time fails, and nothing is left of it', async () => {
    const wanted = record();
    const starting = supervisor.start(wanted);
    const run = supervisor.run(wanted.agentId);
    await assert.rejects(starting, { code: 'agentFailed', message: /did not come up\. Its log is .*sidecar\.log/ });
    assert.ok(run);
    assert.deepEqual([runs(run), existsSync(recordPath(wanted)), supervisor.runs()], [false, false, []]);
    assert.equal(gone.length, 1);
  });

  it('of a sidecar that ends at once fails at once', async () => {
    supervisor = create({ greetTimeoutMs: 60_000 });
    await assert.rejects(supervisor.start(record({ command: ['exit'] })), { code: 'agentFailed' });
    assert.equal(gone[0]?.detail, 'it ended with code 3');
  });

  it('beside a sidecar of the same agent is refused', async () => {
    const { run } = await started();
    await assert.rejects(supervisor.start(record({ agentId: run.record.agentId })), { code: 'conflict' });
    assert.equal(supervisor.run(run.record.agentId), run);
  });

  it('that cannot even make its folders leaves nothing behind', async () => {
    writeFileSync(join(root, 'agents'), 'a file where a folder should be');
    const wanted = record();
    await assert.rejects(supervisor.start(wanted), /ENOTDIR/);
    assert.deepEqual([supervisor.runs(), existsSync(recordPath(wanted))], [[], false]);
  });
});

describe('a sidecar that greets', () => {
  it('is known by run and token', async () => {
    const { run } = await started();
    assert.equal(supervisor.check(hello(run.record)), run);
    const foreign: readonly SidecarHello[] = [
      hello(run.record, 'guessed'),
      hello(run.record, ''),
      hello({ ...run.record, runId: newId<RunId>() }),
      hello({ ...run.record, agentId: newId<AgentId>() }),
    ];
    for (const said of foreign) assert.throws(() => supervisor.check(said), { code: 'unauthorized' });
  });

  it('again takes the place of its old channel, whose end then means nothing', async () => {
    const { run, link } = await started();
    const next = new FakeLink();
    next.onStop = link.onStop;
    supervisor.accept({ ...hello(run.record), programPid: 5 }, next);
    await link.closed;
    assert.deepEqual([link.isOpen, run.link === next, run.hello?.programPid], [false, true, 5]);
  });
});

describe('a stop', () => {
  it('asks the sidecar, waits for its end and tells of it', async () => {
    const { run, link } = await started();
    await supervisor.stop(run.record.agentId);
    assert.deepEqual([link.asked, runs(run), existsSync(recordPath(run.record))], [['run/stop'], false, false]);
    assert.deepEqual(
      gone.map(({ wasStopped }) => wasStopped),
      [true],
    );
    await supervisor.stop(run.record.agentId);
  });

  it('uses force on one that does not end', async () => {
    const { run, link } = await started();
    link.onStop = () => {};
    await supervisor.stop(run.record.agentId);
    assert.deepEqual([runs(run), gone[0]?.detail], [false, 'it was ended by SIGKILL']);
  });

  it('of one that is away asks it when it is back', async () => {
    supervisor = create({ ...impatient, returnTimeoutMs: 60_000, stopTimeoutMs: 60_000 });
    const { run, link } = await started();
    link.close();
    await Promise.resolve();
    const stopped = supervisor.stop(run.record.agentId);
    const next = new FakeLink();
    next.onStop = link.onStop;
    supervisor.accept(hello(run.record), next);
    await stopped;
    assert.deepEqual([next.asked, gone[0]?.detail], [['run/stop'], 'it was ended by SIGTERM']);
  });

  it('of one that stays away uses force', async () => {
    const { run, link } = await started();
    link.close();
    await Promise.resolve();
    await supervisor.stop(run.record.agentId);
    assert.equal(runs(run), false);
  });

  it('while the sidecar comes up ends it, and the start fails', async () => {
    const wanted = record();
    supervisor = create({ ...impatient, greetTimeoutMs: 60_000 });
    const starting = assert.rejects(supervisor.start(wanted), { code: 'agentFailed' });
    const run = supervisor.run(wanted.agentId);
    await Promise.all([supervisor.stop(wanted.agentId), supervisor.stop(wanted.agentId), starting]);
    assert.ok(run);
    assert.equal(runs(run), false);
  });
});

describe('who waits for an agent', () => {
  it('gets none that does not run, and at once one that does', async () => {
    assert.equal(await supervisor.reach(newId<AgentId>()), undefined);
    const { run } = await started();
    assert.equal(await supervisor.reach(run.record.agentId), run);
  });

  it('gets one that comes back', async () => {
    const { run, link } = await started();
    link.close();
    await Promise.resolve();
    const reached = supervisor.reach(run.record.agentId);
    const next = new FakeLink();
    next.onStop = link.onStop;
    supervisor.accept(hello(run.record), next);
    assert.equal(await reached, run);
  });

  it('does not wait for ever: one that lives and stays away is ended', async () => {
    const { run, link } = await started();
    link.close();
    await Promise.resolve();
    assert.equal(await supervisor.reach(run.record.agentId), undefined);
    assert.deepEqual([runs(run), gone.length], [false, 1]);
  });

  it('waits for the end of one that is being stopped', async () => {
    const { run } = await started();
    const stopped = supervisor.stop(run.record.agentId);
    assert.equal(await supervisor.reach(run.record.agentId), undefined);
    await stopped;
  });
});

describe('what an earlier backend left', () => {
  const files = () => new RunFiles(join(root, 'run'));

  for (const [name, sidecar, createdAt] of [
    ['that has ended', { pid: 999_999_999, startTime: '1', bootId: 'b' }, Date.now()],
    [
      'whose number another process has now',
      { pid: process.pid, startTime: '1', bootId: processIdentity(process.pid)?.bootId ?? '' },
      Date.now(),
    ],
    ['that ran before the machine was started anew', { ...processIdentity(process.pid), bootId: 'another' }, Date.now()],
    ['that never said who it was, long ago', null, 1],
  ] as const) {
    it(`of a sidecar ${name} is told as gone once, and nobody is signalled`, () => {
      // The spread of a possible null is a whole identity here: this process runs.
      const left = record({ sidecar: sidecar as RunRecord['sidecar'], createdAt });
      files().write(left);
      supervisor.adopt();
      assert.deepEqual(
        gone.map(({ agentId, wasStopped }) => [agentId, wasStopped]),
        [[left.agentId, false]],
      );
      assert.deepEqual([supervisor.runs(), existsSync(recordPath(left))], [[], false]);
    });
  }

  it('of a sidecar that runs is taken over, and its end noticed though it is no child', async () => {
    const child = await sleeper();
    const left = record({ sidecar: processIdentity(child.pid) });
    files().write(left);
    const ended = new Promise<RunGone>((resolve) => supervisor.gone.on(resolve));
    supervisor.adopt();
    const run = supervisor.run(left.agentId);
    assert.deepEqual([run?.isAdopted, gone.length], [true, 0]);
    const link = new FakeLink();
    supervisor.accept(hello(left), link);
    child.kill('SIGKILL');
    link.close();
    assert.equal((await ended).agentId, left.agentId);
    assert.equal(existsSync(recordPath(left)), false);
  });

  it('of a sidecar that has just been started is waited for', async () => {
    supervisor = create({ ...impatient, greetTimeoutMs: 60_000 });
    const left = record({ createdAt: Date.now() });
    files().write(left);
    supervisor.adopt();
    const reached = supervisor.reach(left.agentId);
    supervisor.accept(hello(left), new FakeLink());
    assert.equal((await reached)?.record.agentId, left.agentId);
    supervisor.run(left.agentId)?.end('over');
  });

  it('of a program behind a dead sidecar is ended with what it started', async () => {
    const program = await sleeper();
    const identity = processIdentity(program.pid);
    assert.ok(identity);
    files().write(record({ sidecar: { pid: 999_999_999, startTime: '1', bootId: 'b' }, program: { ...identity, pgid: program.pid } }));
    const exited = once(program, 'exit');
    supervisor.adopt();
    await exited;
  });

  it('that is no record of this version is left alone', () => {
    writeFileSync(join(root, 'run', `${newId()}.json`), '{"runId":1}');
    writeFileSync(join(root, 'run', 'half.json.12.tmp'), '{');
    supervisor.adopt();
    assert.deepEqual([supervisor.runs(), gone], [[], []]);
  });

  it('is still told of when telling fails the first time', () => {
    const left = record({ sidecar: null, createdAt: 1 });
    files().write(left);
    supervisor.gone.on(() => {
      throw new Error('the disk is full');
    });
    assert.throws(() => supervisor.adopt(), /disk is full/);
    assert.equal(existsSync(recordPath(left)), true);
  });
});

it('a backend that ends lets its sidecars go on', async () => {
  const { run, link } = await started();
  supervisor.close();
  await link.closed;
  assert.deepEqual([runs(run), gone, existsSync(recordPath(run.record))], [true, [], true]);
  kill(run, 'SIGKILL');
  await run.ended;
});
