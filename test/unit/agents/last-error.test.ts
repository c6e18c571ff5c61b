import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lastError } from '../../../server/agents/last-error.ts';
import { newId } from '../../../server/base/uuid.ts';
import type { RunId } from '../../../server/protocol/ids.ts';

const [run, earlier] = [newId<RunId>(), newId<RunId>()];
const exit = 'it ended with code 1';
const record = (level: number, msg: string, fields: object = {}) => JSON.stringify({ level, msg, runId: run, ...fields });

for (const [name, lines, expected] of [
  ['an empty log', [], exit],
  ['nothing but ordinary records', [record(30, 'ready'), record(20, 'detail')], exit],
  ['a line on its error output', ['boom'], `boom (${exit})`],
  ['empty lines behind it', ['boom', '', '   '], `boom (${exit})`],
  ['a record of a failure', [record(60, 'the sidecar fails', { err: { message: 'no room' } })], `the sidecar fails: no room (${exit})`],
  ['ordinary records behind a failure', [record(50, 'it fails'), record(30, 'going on')], `it fails (${exit})`],
  ['a warning after a failure', [record(50, 'it fails'), record(40, 'slow')], `it fails (${exit})`],
  ['a failure of an earlier run only', [record(60, 'old', { runId: earlier }), record(30, 'ready')], exit],
  ['the end of an earlier run', [record(50, 'it ended without a word', { runEnded: { runId: earlier } })], exit],
  ['last words of an earlier run', [record(50, 'old', { component: 'stderr' }), record(30, 'ready')], exit],
  ['words before the records of an earlier run', ['old', record(30, 'bye', { runId: earlier }), 'new'], `new (${exit})`],
  ['JSON that is cut', ['{"level":60,"msg":"cut'], `{"level":60,"msg":"cut (${exit})`],
  ['JSON that is no record', ['{"a":1}'], `{"a":1} (${exit})`],
] as const) {
  test(`of ${name}, the last error is told right`, () => {
    assert.equal(lastError(lines, run, exit), expected);
  });
}

test('of an error that nobody caught, the sentence is told and not the stack around it', () => {
  const printed = `node:internal/modules/run_main:107
    triggerUncaughtException(
    ^

Error [ERR_MODULE_NOT_FOUND]: Cannot find module '/x/sidecar.js'
    at finalizeResolution (node:internal/modules/esm/resolve:274:11)
    at moduleResolve (node:internal/modules/esm/resolve:864:10) {
  code: 'ERR_MODULE_NOT_FOUND'
}

Node.js v24.21.0`;
  assert.equal(lastError(printed.split('\n'), run, exit), `Error [ERR_MODULE_NOT_FOUND]: Cannot find module '/x/sidecar.js' (${exit})`);
});

test('a flood on one line is cut', () => {
  assert.ok(lastError(['x'.repeat(100_000)], run, exit).length < 600);
});
