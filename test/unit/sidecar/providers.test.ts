import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { newId } from '../../../server/base/uuid.ts';
import type { AgentId, RunId } from '../../../server/protocol/ids.ts';
import type { RunRecord } from '../../../server/protocol/run-record.ts';
import type { ProgramStarter } from '../../../server/sidecar/program.ts';
import { createAdapter } from '../../../server/sidecar/providers.ts';

test('every provider’s program is told of which run it is, whatever was set for the agent', async (t) => {
  const projectDir = mkdtempSync(`${tmpdir()}/agor-providers-`);
  t.after(() => rmSync(projectDir, { recursive: true }));
  for (const provider of ['claude', 'acp', 'demo'] as const) {
    const seen: string[] = [];
    const startProgram: ProgramStarter = ({ environment }) => {
      seen.push(environment.AGOR_RUN_TOKEN ?? 'none', environment.AGOR_DATA_DIR ?? 'none');
      return Promise.reject(new Error('enough was seen'));
    };
    const record = { ...recordIn(projectDir), provider, environment: { AGOR_RUN_TOKEN: 'set', AGOR_DATA_DIR: '/d' } };
    const wiring = { runToken: 'of this run', startProgram, emit: () => {}, onExit: () => {}, log: () => {} };
    const adapter = createAdapter(record, { AGOR_RUN_TOKEN: '', AGOR_DATA_DIR: '/d' }, wiring);
    await assert.rejects(adapter.open({ providerSessionId: null, model: null }));
    assert.deepEqual(seen, ['of this run', 'none'], provider);
  }
});

function recordIn(folder: string): RunRecord {
  return {
    runId: newId<RunId>(),
    agentId: newId<AgentId>(),
    token: 'of the sidecar',
    dataDir: folder,
    projectDir: folder,
    agentDir: folder,
    privateDir: folder,
    provider: 'acp',
    command: ['program'],
    environment: {},
    path: null,
    credentials: 'login',
    orphanGraceMs: 1,
    logLevel: 'info',
    wireVersion: 1,
    createdAt: 0,
    sidecar: null,
    program: null,
  };
}
