/** The sidecar as a real process, with its program inside a fence and bounds. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, it } from 'node:test';
import { isSameProcess } from '../../server/base/process-identity.ts';
import { newId } from '../../server/base/uuid.ts';
import type { PromptId, SessionId } from '../../server/protocol/ids.ts';
import type { RunRecord } from '../../server/protocol/run-record.ts';
import { temporaryDir } from '../../server/sidecar/program-environment.ts';
import { fixturePath } from '../support/acp-harness.ts';
import { FakeBackend, IntakeLedger } from '../support/fake-backend.ts';
import { SidecarProcess } from '../support/sidecar-process.ts';

const cleanUps: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

const fenced: Partial<RunRecord> = {
  sandbox: { mode: 'preferred', network: 'open', ports: [], readWritePaths: [], readOnlyPaths: [] },
  limits: { memoryMb: 1_024, processes: 128, openFiles: 1_024, cpuPercent: 200, maxHeapMb: 512, hardTurnMinutes: 10 },
};

async function open(changes: Partial<RunRecord>, prepare: (sidecar: SidecarProcess) => void = () => {}) {
  const sidecar = new SidecarProcess({ ...fenced, ...changes });
  cleanUps.push(() => sidecar.remove());
  prepare(sidecar);
  sidecar.start();
  const ledger = new IntakeLedger();
  const backend = await new FakeBackend({ dataDir: sidecar.dataDir, ledger, name: 'backend' }).listen();
  cleanUps.push(() => backend.kill());
  await backend.connected();
  await backend.call('run/open', { sessionId: newId<SessionId>(), providerSessionId: null, model: null, usage: null, secrets: {} });
  return { sidecar, ledger, backend };
}

const prompt = (backend: FakeBackend, text: string) => backend.call('run/prompt', { promptId: newId<PromptId>(), text });

describe('an agent inside its fence', () => {
  it('is told with what holds, at once and for the record, and works', async () => {
    const { sidecar, ledger, backend } = await open({});
    const told = await ledger.until('word of the fence', () => ledger.fences[0]);
    const event = await ledger.until('the event of it', () => ledger.ofType('fenced')[0]);
    assert.deepEqual({ sandbox: event.sandbox, resources: event.resources }, told);
    await prompt(backend, 'help');
    const ended = await ledger.until('the end of the turn', () => ledger.ofType('turnEnded')[0]);
    assert.equal(ended.reason, 'completed');
    assert.ok(sidecar.record().program);
  });

  it('comes back by itself when its program is killed, is not told of the same fence again, and leaves nothing', async () => {
    const { sidecar, ledger, backend } = await open({});
    const { program } = sidecar.record();
    assert.ok(program);
    process.kill(program.pid, 'SIGKILL');
    const { decision, recentExits } = await ledger.until('the decision', () => ledger.ofType('programEnded')[0]);
    assert.deepEqual([decision, recentExits], ['restart', 1]);
    const changes = ledger.programChanges;
    await ledger.until('the program', () => changes.length >= 2);
    assert.deepEqual(
      changes.map(({ decision }) => decision),
      ['restart', undefined],
    );
    assert.equal(changes[1]?.programPid, sidecar.record().program?.pid);
    assert.equal(ledger.ofType('fenced').length, 1);
    const again = sidecar.record().program;
    await backend.call('run/stop', {});
    await sidecar.exitCode;
    assert.ok(again && !isSameProcess(again));
    assert.equal(existsSync(temporaryDir(sidecar.record())), false);
  });

  it('finds nothing in its temporary folder that an earlier run left', async () => {
    const { sidecar } = await open({}, ({ dataDir, agentId }) => {
      const stale = join(dataDir, 'agents', agentId, 'agent', 'tmp', 'stale');
      mkdirSync(stale, { recursive: true });
      writeFileSync(join(stale, 'file'), '');
    });
    const { agentDir } = sidecar.record();
    assert.deepEqual(readdirSync(join(agentDir, 'tmp')), [temporaryDir(sidecar.record()).split('/').at(-1)]);
  });

  it('that goes past its memory is told as that, and its sidecar lives on', async () => {
    const command = [process.execPath, fixturePath('takes-memory-in-turn.mjs')];
    const limits = { ...fenced.limits, memoryMb: 160 } as RunRecord['limits'];
    const { sidecar, ledger, backend } = await open({ provider: 'acp', command, limits });
    await prompt(backend, '2000');
    const ended = await ledger.until('the end of the turn', () => ledger.ofType('turnEnded')[0]);
    assert.equal(ended.reason, 'crashed');
    const { detail, decision } = await ledger.until('the decision', () => ledger.ofType('programEnded')[0]);
    assert.match(detail, /its memory bound of 160 MB/);
    assert.equal(decision, 'restart');
    await backend.call('run/ping', {});
    assert.ok(sidecar.record().sidecar);
  });

  it('without its fence is told of a file that the host trusts and that it changed', async () => {
    const command = [process.execPath, fixturePath('writes-hook.mjs')];
    const sandbox = { ...fenced.sandbox, mode: 'off' } as RunRecord['sandbox'];
    const { sidecar, ledger, backend } = await open({ provider: 'acp', command, sandbox });
    const hooks = join(sidecar.record().projectDir, '.git', 'hooks');
    mkdirSync(hooks, { recursive: true });
    writeFileSync(join(hooks, '..', 'HEAD'), 'ref: refs/heads/main\n');
    await prompt(backend, 'pre-commit');
    const { changes } = await ledger.until('word of it', () => ledger.ofType('protectedChanged')[0]);
    assert.deepEqual(changes, [{ path: '.git/hooks/pre-commit', change: 'added', restored: false }]);
    assert.ok(existsSync(join(hooks, 'pre-commit')));
  });
});
