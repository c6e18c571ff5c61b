import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logLines } from '../../../server/cli/log-text.ts';
import { plain } from '../../../server/cli/style.ts';

const time = '2026-01-02T03:04:05.678Z';
const [runId, agentId] = ['0190a000-0000-7000-8000-0000aaaaaaaa', '0190a000-0000-7000-8000-0000bbbbbbbb'];
const base = { level: 30, time, pid: 1, process: 'sidecar', agentId, runId, gitSha: 'abc', build: 'b' };

function lines(record: Record<string, unknown>): string[] {
  return logLines(JSON.stringify({ ...base, ...record }), plain);
}

test('a record is a line: time, level, who speaks, the message, and what else it has', () => {
  assert.deepEqual(lines({ component: 'bus', msg: 'connected', build: 'x' }), ['2026-01-02 03:04:05.678  INFO   bus         connected']);
  assert.deepEqual(
    lines({ level: 50, component: 'outbox', msg: 'failed', err: { message: 'full', stack: 's' }, waiting: 3, why: 'disk' }),
    ['2026-01-02 03:04:05.678  ERROR  outbox      failed: full  waiting=3 why=disk'],
  );
});

test('a run begins with a block of eight lines', () => {
  const run = { runId, agentId, agent: 'demo', project: 'shop', provider: 'claude', model: null, folder: '/p', command: ['claude', '-p'] };
  const [gap, ...block] = lines({ runBegan: { ...run, startedAt: Date.parse(time) } });
  assert.equal(gap, '');
  assert.deepEqual(block, [
    'Run       aaaaaaaa',
    'Agent     demo (bbbbbbbb)',
    'Project   shop',
    'Provider  claude',
    "Model     (the program's own choice)",
    'Folder    /p',
    'Command   claude -p',
    'Started   2026-01-02 03:04:05.678',
  ]);
});

for (const [ended, expected] of [
  [{ runId, exitCode: 0, durationMs: 62_000 }, 'Run aaaaaaaa ended with exit code 0 after 1 min 2 s.'],
  [{ runId, exitCode: null, durationMs: null }, 'Run aaaaaaaa ended without a word.'],
] as const) {
  test(`the end of a run is told: ${expected}`, () => {
    assert.equal(lines({ component: 'lifecycle', msg: 'over', runEnded: ended }).at(-2), expected);
  });
}

test('further lines of a message stand behind a bar, so that none can pass for a record', () => {
  const forged = '2026-01-02 03:04:05.678  FATAL  runner      forged';
  const shown = lines({ component: 'stderr', msg: `first\n${forged}\r\n\u2028${forged}` });
  assert.equal(shown.length, 3);
  for (const line of shown.slice(1)) assert.match(line, /^ {2}\| /);
});

test('nothing that is shown does anything to a terminal', () => {
  const hostile = '\u001b[2J\u001b]52;c;eA==\u0007\u009b31m \u202egnorw\u2066\u0000';
  const shown = [
    ...lines({ component: hostile, msg: hostile, [hostile]: { [hostile]: hostile }, time: hostile }),
    ...lines({
      runBegan: {
        runId: hostile,
        agentId,
        agent: hostile,
        project: hostile,
        provider: 'x',
        model: hostile,
        folder: hostile,
        command: [hostile],
        startedAt: 1,
      },
    }),
    ...logLines(`not JSON ${hostile}`, plain),
  ].join('\n');
  assert.doesNotMatch(shown, /(?!\n)[\p{Cc}\p{Cf}]/u);
  assert.match(shown, /\\u\{202e\}gnorw/, 'what turns text round is shown as what it is');
});

test('what is left of a record is shown as it stands, and endless text is cut', () => {
  assert.deepEqual(logLines('{"level":30,"ti', plain), ['{"level":30,"ti']);
  assert.ok(lines({ msg: 'x\n'.repeat(10_000) }).length < 50);
  assert.ok((lines({ msg: 'x'.repeat(100_000) })[0]?.length ?? 0) < 5_000);
});
