import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeAgents } from '../../../server/doctor/judge-agents.ts';
import { type BackendFacts, judgeBackend } from '../../../server/doctor/judge-backend.ts';
import type { Agent } from '../../../server/protocol/agent.ts';
import type { CatalogueEntry } from '../../../server/protocol/catalogue.ts';
import type { Health } from '../../../server/protocol/health.ts';

const build = { version: '1.0.0', gitSha: 'abc', buildTime: 5, nodeVersion: 'v24.0.0' };

// The doctor reads these of what a backend answers; the rest of the report is not its business.
const health = { problems: [], sidecars: [] } as unknown as Health;

function told(facts: Partial<BackendFacts>): string[] {
  return judgeBackend({ presence: 'running', owner: { pid: 7, build }, health, ownBuild: build, ...facts }).map(
    ({ level, id }) => `${level} ${id}`,
  );
}

test('a backend that runs, one that does not, and one that does not answer are told apart', () => {
  assert.deepEqual(told({}), ['ok backend.presence']);
  assert.deepEqual(told({ presence: 'none', owner: null, health: null }), ['ok backend.presence']);
  assert.deepEqual(told({ presence: 'deaf', health: null }), ['problem backend.presence']);
});

test('of one that does not answer the command that ends it names its pid', () => {
  const [deaf] = judgeBackend({ presence: 'deaf', owner: { pid: 7, build }, health: null, ownBuild: build });
  assert.ok(deaf?.todo.some((step) => 'run' in step && step.run === 'kill -9 7'));
  const [unknown] = judgeBackend({ presence: 'deaf', owner: null, health: null, ownBuild: build });
  assert.ok(!unknown?.todo.some((step) => 'run' in step && step.run.startsWith('kill')));
});

test('an older backend gives way by itself, a newer one warns of the command', () => {
  assert.deepEqual(told({ owner: { pid: 7, build: { ...build, buildTime: 4 } } }), ['ok backend.presence', 'note backend.build']);
  assert.deepEqual(told({ owner: { pid: 7, build: { ...build, buildTime: 6 } } }), ['ok backend.presence', 'warning backend.build']);
});

test('what the backend says of itself is passed on', () => {
  assert.deepEqual(told({ health: { ...health, problems: ['It hurts.'] } }), ['ok backend.presence', 'problem backend.problem']);
});

const claude: CatalogueEntry = {
  kind: 'claude',
  name: 'Claude Code',
  provider: 'claude',
  command: [],
  installation: { state: 'installed', file: '/usr/bin/claude', version: '2.1.400', onPath: true },
  install: 'npm install -g x',
  login: null,
  keys: [],
  traits: { tokens: 'yes', cost: 'yes', asks: 'yes', interrupt: 'yes', resume: 'yes', errors: 'yes', retries: 'yes' },
  triedWith: '2.1.329',
};
const gemini: CatalogueEntry = { ...claude, kind: 'gemini', provider: 'acp', command: ['/opt/gemini', '--acp'], triedWith: null };

// What is asked of an agent here is its name, provider, command and state.
function agent(facts: Partial<Agent>): Agent {
  return { name: 'builder', provider: 'claude', command: [], state: 'idle', ...facts } as Agent;
}

const programs: readonly [string, Partial<CatalogueEntry>, Partial<Agent>, string[]][] = [
  ['of the version that was tried', {}, {}, ['ok agents.claude']],
  ['of another major version', { triedWith: '1.9.0' }, {}, ['warning agents.claude']],
  ['that is missing', { installation: { state: 'missing' } }, {}, ['problem agents.claude']],
  ['that agents can change', { installation: { state: 'writable', file: '/p/claude' } }, {}, ['warning agents.claude']],
  [
    'that does not say its version',
    { installation: { state: 'installed', file: '/c', version: null, onPath: true } },
    {},
    ['note agents.claude'],
  ],
  ['that the person named', {}, { command: ['/my/claude'] }, []],
  ['that no agent uses', {}, { provider: 'codex' }, []],
];
for (const [name, entry, facts, expected] of programs)
  test(`a program ${name} is told as ${expected.join(', ') || 'nothing'}`, () => {
    const found = judgeAgents({ agents: [agent(facts)], catalogue: [{ ...claude, ...entry }] });
    assert.deepEqual(
      found.map(({ level, id }) => `${level} ${id}`),
      expected,
    );
  });

test('an ACP agent is known by its program, and one that was never tried is worth a note', () => {
  const agents = [agent({ provider: 'acp', command: ['gemini', '--acp'] }), agent({ provider: 'acp', command: ['other'] })];
  assert.deepEqual(
    judgeAgents({ agents, catalogue: [gemini] }).map(({ level, id }) => `${level} ${id}`),
    ['note agents.gemini'],
  );
});

test('agents that wait for a key are named', () => {
  const [lacking] = judgeAgents({ agents: [agent({ state: 'waitingForCredentials' })], catalogue: [] });
  assert.equal(lacking?.id, 'secrets.lacking');
  assert.match(lacking?.what ?? '', /^builder waits/);
});
