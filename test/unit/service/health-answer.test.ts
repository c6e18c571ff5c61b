import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../../../server/base/uuid.ts';
import type { RunId } from '../../../server/protocol/ids.ts';
import { type Facts, healthAnswer, refusal } from '../../../server/service/health-answer.ts';

const good = { method: 'GET', url: '/health', host: '127.0.0.1:18801' };

for (const [name, asked, expected] of [
  ['a question', good, undefined],
  ['its other name', { ...good, url: '/healthz' }, undefined],
  ['a question with words behind it', { ...good, url: '/health?x=1' }, undefined],
  ['the head alone', { ...good, method: 'HEAD' }, undefined],
  ['localhost', { ...good, host: 'localhost:1' }, undefined],
  ['localhost in capitals', { ...good, host: 'LOCALHOST' }, undefined],
  ['the other loopback', { ...good, host: '[::1]:18801' }, undefined],
  ['a name that was made to lead here', { ...good, host: 'evil.example:18801' }, 421],
  ['a name that begins like ours', { ...good, host: 'localhost.evil.example' }, 421],
  ['an address that is not ours', { ...good, host: '192.168.0.1' }, 421],
  ['no name at all', { ...good, host: undefined }, 421],
  ['another path', { ...good, url: '/' }, 404],
  ['a path below', { ...good, url: '/health/../token' }, 404],
  ['a whole address', { ...good, url: 'http://evil.example/health' }, 404],
  ['a post', { ...good, method: 'POST' }, 405],
  ['options', { ...good, method: 'OPTIONS' }, 405],
] as const) {
  test(`${name} is ${expected === undefined ? 'answered' : `refused with ${expected}`}`, () => {
    assert.equal(refusal(asked)?.status, expected);
  });
}

const sidecar = { runId: newId<RunId>(), connected: true, health: { state: 'healthy' } } as const;
const facts: Facts = {
  build: { version: '1.0', gitSha: 'abc', buildTime: 1, nodeVersion: 'v24' },
  ...{ round: { at: 5, failures: {} }, ageMs: 12, uptimeSec: 60, state: 'healthy' },
  sidecars: [
    sidecar,
    { ...sidecar, connected: false },
    { ...sidecar, runId: null, health: { state: 'restarting', attempt: 1, nextRetryAt: 1, lastError: 'canary' } },
    { ...sidecar, runId: null, health: { state: 'failed', attempts: 1, lastError: 'canary', reason: 'attempts' } },
  ],
};

test('while both databases can be read, the answer is 200 with counts and ages', () => {
  assert.deepEqual(healthAnswer(facts), {
    status: 200,
    body: {
      ...{ status: 'ok', state: 'healthy', ts: 5, uptime: 60, ageMs: 12, build: '1.0-abc-1', gitSha: 'abc' },
      db: { sessions: 'ok', btmsg: 'ok' },
      sidecars: { running: 2, connected: 1, restarting: 1, failed: 1 },
    },
  });
});

test('a database that cannot be read makes it 503, without a word of what it said', () => {
  const answer = healthAnswer({ ...facts, round: { at: 5, failures: { btmsg: 'canary in /home/somebody' } }, ageMs: 40_000 });
  assert.equal(answer.status, 503);
  assert.match(JSON.stringify(answer.body), /"status":"failing".*"ageMs":40000.*"sessions":"ok","btmsg":"failing"/);
  assert.doesNotMatch(JSON.stringify(answer), /canary/);
});
