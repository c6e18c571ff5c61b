import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeLeftovers, type LeftoverFacts, type RunFact } from '../../../server/doctor/judge-leftovers.ts';
import { fileFact } from '../../support/file-facts.ts';

const hour = 3_600_000;
const now = 10 * hour;
const folder = { kind: 'folder' } as const;

function judged(facts: Partial<LeftoverFacts>) {
  return judgeLeftovers({ files: [], trials: [], runs: [], uid: 1000, backend: 'none', agents: new Set(), now, ...facts });
}

function idsOf(facts: Partial<LeftoverFacts>): string[] {
  return judged(facts).map(({ id }) => id);
}

function runFact(agent: string, facts: Partial<RunFact> = {}): RunFact {
  return { file: fileFact(`run/agents/${agent}.json`), isReadable: true, isAlive: true, isYoung: false, ...facts };
}

test('where nothing was left behind, that is said', () => {
  assert.deepEqual(idsOf({ files: [fileFact('agents/a', folder)], agents: new Set(['a']) }), ['files.leftovers']);
});

test('the folder of an agent that there is not is set aside, unless it was touched lately, runs, or nobody knows the agents', () => {
  const files = [fileFact('agents/a', folder), fileFact('agents/a/private/outbox.db')];
  const [orphan] = judged({ files });
  assert.deepEqual(orphan?.fixes, [{ do: 'setAside', path: '/data/agents/a' }]);
  assert.deepEqual(idsOf({ files: [fileFact('agents/a', { ...folder, changedAt: now - 1 })] }), ['files.leftovers']);
  assert.deepEqual(idsOf({ files, runs: [runFact('a')], backend: 'running' }), ['files.leftovers']);
  assert.deepEqual(idsOf({ files, agents: null }), ['files.leftovers']);
});

test('half-made copies are removed once they are old, what a recovery left is only set aside', () => {
  const places = [
    'runtime/1.0.77.tmp',
    'backups/btmsg.db.partial',
    'run/trials/x.json',
    'run/smoke-test-1-x',
    'drill',
    'scratch/boot-1',
    'btmsg.db.mark.tmp',
  ];
  const [half] = judged({ files: [...places, 'btmsg.db.salvaging'].map((place) => fileFact(place)) });
  assert.deepEqual(
    half?.fixes.map(({ do: what, path }) => `${what} ${path}`),
    [...places.map((place) => `remove /data/${place}`), 'setAside /data/btmsg.db.salvaging'],
  );
  assert.deepEqual(idsOf({ files: [fileFact('backups/btmsg.db.partial', { changedAt: now })] }), ['files.leftovers']);
});

test('nothing of record is ever removed', () => {
  const places = [
    'sessions.db',
    'btmsg.db-wal',
    'btmsg.db.mark',
    'backups/btmsg.db.x',
    'agents/a',
    'quarantine/x',
    'worktrees/x.restoring',
    'reports/x.md',
  ];
  const fixes = judged({ files: places.map((place) => fileFact(place, place === 'agents/a' ? folder : {})) }).flatMap(
    (found) => found.fixes,
  );
  assert.deepEqual(fixes, [{ do: 'setAside', path: '/data/agents/a' }]);
});

test('the socket of a backend that was killed is stale only while none runs; one that ended in order left none', () => {
  const files = ['run/owner.json', 'run/token', 'run/backend.sock'].map((place) => fileFact(place));
  assert.equal(judged({ files }).find(({ id }) => id === 'files.staleOwner')?.fixes.length, 3);
  assert.deepEqual(idsOf({ files, backend: 'running' }), ['files.leftovers']);
  assert.deepEqual(idsOf({ files: files.slice(0, 2) }), ['files.leftovers']);
});

test('the socket of a sidecar is stale when its sidecar is gone', () => {
  const files = [fileFact('agents/a/private/tools.sock', { kind: 'socket' })];
  const agents = new Set(['a']);
  assert.deepEqual(judged({ files, agents }).at(-1)?.fixes, [{ do: 'remove', path: '/data/agents/a/private/tools.sock' }]);
  assert.deepEqual(idsOf({ files, agents, runs: [runFact('a')], backend: 'running' }), ['files.leftovers']);
});

const runs: readonly [string, Partial<RunFact>, LeftoverFacts['backend'], string][] = [
  ['cannot be read', { isReadable: false, isAlive: false }, 'running', 'warning files.brokenRuns'],
  ['has ended while a backend runs', { isAlive: false }, 'running', 'warning files.endedRuns'],
  ['has ended while none runs', { isAlive: false }, 'none', 'note files.endedRuns'],
  ['lives while none runs', {}, 'none', 'note backend.waitingSidecars'],
];
for (const [name, facts, backend, expected] of runs)
  test(`a run that ${name} is told as ${expected}`, () => {
    const found = judged({ runs: [runFact('a', facts)], backend }).filter(({ id }) => id !== 'files.leftovers');
    assert.deepEqual(
      found.map(({ level, id }) => `${level} ${id}`),
      [expected],
    );
  });

test('a run that was just started is nothing to tell of', () => {
  assert.deepEqual(idsOf({ runs: [runFact('a', { isAlive: false, isYoung: true })], backend: 'running' }), ['files.leftovers']);
});
