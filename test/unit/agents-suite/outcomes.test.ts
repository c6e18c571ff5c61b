import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AgentOutcomes, failures, outcomeTable } from '../../agents/outcomes.ts';

const one: AgentOutcomes = {
  agent: 'One',
  version: '1.2',
  fence: 'full',
  remarks: ['it is slow'],
  outcomes: new Map([
    ['says it', { kind: 'works' }],
    ['is stopped', { kind: 'fails', problem: 'it went on' }],
  ]),
};
const two: AgentOutcomes = { ...one, agent: 'Two', outcomes: new Map([['says it', { kind: 'cannot', reason: 'it is mute' }]]) };

test('the table says of each agent what it does, what it cannot and why, and what was not asked for', () => {
  const table = outcomeTable(['says it', 'is stopped'], [one, two], [{ name: 'Three', reason: 'it is nowhere' }]);
  assert.match(table, /^\| behaviour \| One 1\.2 \| Two 1\.2 \|$/m);
  assert.match(table, /^\| says it \| ✔ \| cannot \(1\) \|$/m);
  assert.match(table, /^\| is stopped \| ✖ \| · \|$/m);
  assert.match(table, /^1\. Two: it is mute$/m);
  assert.match(table, /^- One: it is slow$/m);
  assert.match(table, /^Not tried: Three \(it is nowhere\)\.$/m);
});

test('only what fails is a failure', () => {
  assert.deepEqual(failures([one, two]), ['One: is stopped: it went on']);
});
