import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { writeRunRecord } from '../../server/base/run-record-file.ts';
import { newId } from '../../server/base/uuid.ts';
import { sidecarWireVersion } from '../../server/protocol/handshake.ts';
import type { AgentId, RunId } from '../../server/protocol/ids.ts';
import type { RunRecord } from '../../server/protocol/run-record.ts';
import { SandboxExplanation } from '../../server/protocol/sandbox.ts';
import { temporaryDir } from '../../server/sidecar/program-environment.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'agor-explain-'));
after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }));

const program = path.join(import.meta.dirname, '../../server/sidecar/explain-sandbox.ts');

function explain(changes: Partial<RunRecord>) {
  const record = { ...someRecord(), ...changes };
  for (const dir of [record.projectDir, record.agentDir, record.privateDir]) mkdirSync(dir, { recursive: true });
  const recordPath = path.join(folder, 'record.json');
  writeRunRecord(recordPath, record);
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, recordPath], { encoding: 'utf8' });
  return { record, status, stdout, stderr };
}

function someRecord(): RunRecord {
  const home = path.join(folder, 'agents/one');
  return {
    runId: newId<RunId>(),
    agentId: newId<AgentId>(),
    token: 'a token of this run',
    dataDir: folder,
    projectDir: path.join(folder, 'project'),
    agentDir: path.join(home, 'agent'),
    privateDir: path.join(home, 'private'),
    provider: 'demo',
    command: [],
    environment: {},
    path: process.env.PATH ?? null,
    credentials: 'login',
    orphanGraceMs: 60_000,
    logLevel: 'info',
    wireVersion: sidecarWireVersion,
    createdAt: Date.now(),
    sandbox: { mode: 'preferred', network: 'open', ports: [], readWritePaths: [], readOnlyPaths: [] },
    limits: { memoryMb: 512, processes: 64, openFiles: 1_024, cpuPercent: 200, maxHeapMb: 256, hardTurnMinutes: 10 },
    sidecar: null,
    program: null,
  };
}

describe('the program that explains a sandbox', () => {
  it('prints what a run would be fenced in by, and leaves nothing', () => {
    const { record, status, stdout, stderr } = explain({});
    assert.equal(status, 0, stderr);
    const { state, resources, argv } = SandboxExplanation.parse(JSON.parse(stdout));
    assert.equal(state.mode, 'preferred');
    assert.ok(resources?.by.includes('prlimit'));
    assert.ok(argv.some((word) => word.includes('demo-agent')));
    assert.equal(existsSync(temporaryDir(record)), false);
  });

  it('tells of a run without fence and bounds that it has none', () => {
    const { stdout } = explain({ sandbox: undefined, limits: undefined });
    const { state, resources, proofs } = SandboxExplanation.parse(JSON.parse(stdout));
    assert.deepEqual([state.files, state.network, proofs, resources?.by], ['off', 'open', [], []]);
  });

  it('says what is wrong with a program that cannot be started', () => {
    const { status, stdout, stderr } = explain({ provider: 'acp', command: ['no-such-program'] });
    assert.deepEqual([status, stdout], [1, '']);
    assert.match(stderr, /no such program was found\. Tried: no-such-program/);
  });

  it('asks for a record', () => {
    assert.equal(spawnSync(process.execPath, [program]).status, 2);
  });
});
