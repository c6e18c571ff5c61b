import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { MonitorLine } from '../../../../server/protocol/monitor.ts';
import { ProgramReports } from '../../../../server/sidecar/control/program-reports.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

let lines: MonitorLine[];
let turnRuns: boolean;
let reports: ProgramReports;

beforeEach(() => {
  lines = [];
  turnRuns = false;
  reports = new ProgramReports({
    clock: new FakeClock(),
    tell: (line) => void lines.push(line()),
    note: () => {},
    mask: (text) => text.replaceAll('canary-secret', '•••'),
    turnRuns: () => turnRuns,
  });
});

for (const [hook, status] of [
  ['Stop', 'idle'],
  ['StopFailure', 'idle'],
  ['SessionEnd', 'offline'],
] as const) {
  test(`${hook} clears what the program said of being busy`, () => {
    reports.hook('UserPromptSubmit', { prompt: 'go' }, null);
    assert.equal(reports.status, 'busy');
    reports.hook(hook, {}, null);
    assert.equal(reports.status, status);
  });
}

test('only a turn that was held up stays busy', () => {
  reports.hook('UserPromptSubmit', { prompt: 'go' }, null);
  reports.hook('Stop', { last_assistant_message: 'done' }, { block: 'You owe a reply.' });
  assert.equal(reports.status, 'busy');
  assert.deepEqual(
    lines.flatMap((line) => (line.kind === 'report' ? line.what : [])),
    ['userPrompt'],
  );
});

test('a conversation that is summarized in the middle of a turn leaves its agent busy', () => {
  reports.hook('UserPromptSubmit', { prompt: 'go' }, null);
  turnRuns = true;
  reports.hook('SessionStart', { source: 'compact' }, null);
  assert.equal(reports.status, 'busy');
});

test('a prompt that was typed elsewhere and the end of a turn are told, without the agent’s secrets', () => {
  reports.hook('UserPromptSubmit', { prompt: 'use canary-secret' }, null);
  reports.hook('Stop', { last_assistant_message: 'I used canary-secret', transcript_path: '/t.jsonl' }, null);
  assert.deepEqual(
    lines.flatMap((line) => (line.kind === 'report' ? [[line.what, line.text]] : [])),
    [
      ['userPrompt', 'use •••'],
      ['sessionTurn', 'I used •••'],
    ],
  );
  assert.equal(reports.sessionEnd({ transcriptPath: null, reason: null, lastMessage: null }), '/t.jsonl');
});
