import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { type LogFiles, type LogPart, readLog } from '../../../server/log/read-log.ts';
import { levelNumbers } from '../../../server/protocol/log-record.ts';

let dir: string;
let files: LogFiles;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'agor-read-log-'));
  files = { records: join(dir, 'sidecar.log'), errorOutput: join(dir, 'sidecar.err') };
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function record(msg: string, level: keyof typeof levelNumbers = 'info', at = Date.now()): string {
  return `${JSON.stringify({ level: levelNumbers[level], time: new Date(at).toISOString(), msg })}\n`;
}

function messages({ lines }: LogPart): string[] {
  return lines.map((line) => JSON.parse(line).msg);
}

function rotate(number: number): void {
  renameSync(files.records, join(dir, `sidecar.${number}.log`));
}

test('of a log that is not there nothing is read, and what comes later is', () => {
  const { lines, cursor } = readLog(files, { lines: 10 });
  assert.deepEqual(lines, []);
  appendFileSync(files.records, record('first'));
  assert.deepEqual(messages(readLog(files, { lines: 10, cursor })), ['first']);
});

test('the last records come from as many files as it takes, oldest first', () => {
  for (const number of [1, 2]) {
    writeFileSync(files.records, record(`a${number}`) + record(`b${number}`));
    rotate(number);
  }
  writeFileSync(files.records, record('a3'));
  assert.deepEqual(messages(readLog(files, { lines: 4 })), ['b1', 'a2', 'b2', 'a3']);
  assert.deepEqual(messages(readLog(files, { lines: 100 })), ['a1', 'b1', 'a2', 'b2', 'a3']);
});

test('each record is read once, through any number of rotations, whatever the steps', () => {
  writeFileSync(files.records, record('0'));
  let part = readLog(files, { lines: 1 });
  const read = messages(part);
  for (let index = 1; index < 30; index += 1) {
    appendFileSync(files.records, record(String(index)));
    if (index % 4 === 0) {
      rotate(index / 4);
      writeFileSync(files.records, '');
    }
    if (index % 5 === 0) {
      part = readLog(files, { lines: 3, cursor: part.cursor });
      read.push(...messages(part));
    }
  }
  for (let more = 1; more > 0; more = part.lines.length) {
    part = readLog(files, { lines: 3, cursor: part.cursor });
    read.push(...messages(part));
  }
  assert.deepEqual(
    read,
    Array.from({ length: 30 }, (_, index) => String(index)),
  );
});

test('a record that is still being written is read when it is whole', () => {
  const whole = record('whole');
  writeFileSync(files.records, record('before') + whole.slice(0, 10));
  const part = readLog(files, { lines: 10 });
  assert.deepEqual(messages(part), ['before']);
  appendFileSync(files.records, whole.slice(10));
  assert.deepEqual(messages(readLog(files, { lines: 10, cursor: part.cursor })), ['whole']);
});

test('with a level, the last records of it are looked for further back, and what is no record is shown', () => {
  writeFileSync(files.records, `${record('bad', 'error') + record('worse', 'fatal')}{"level":30,"ti\n`);
  rotate(1);
  writeFileSync(files.records, Array.from({ length: 500 }, (_, index) => record(String(index))).join(''));
  const { lines, cursor } = readLog(files, { lines: 3, level: 'error' });
  assert.deepEqual(
    lines.slice(0, 2).map((line) => JSON.parse(line).msg),
    ['bad', 'worse'],
  );
  appendFileSync(files.records, record('fine') + record('bad again', 'error'));
  assert.deepEqual(messages(readLog(files, { lines: 10, level: 'error', cursor })), ['bad again']);
});

test('files that were rotated away before they were read are told as a gap', () => {
  writeFileSync(files.records, record('1'));
  const { cursor } = readLog(files, { lines: 1 });
  rotate(1);
  for (const number of [2, 3]) {
    writeFileSync(files.records, record(String(number)));
    rotate(number);
  }
  rmSync(join(dir, 'sidecar.1.log'));
  rmSync(join(dir, 'sidecar.2.log'));
  writeFileSync(files.records, record('4'));
  const [gap, ...rest] = messages(readLog(files, { lines: 10, cursor }));
  assert.match(gap ?? '', /is gone: the log was rotated away/);
  assert.deepEqual(rest, ['3', '4']);
});

test('what a crash said past the log stands where it belongs in time, as records', () => {
  writeFileSync(files.records, record('before', 'info', 1_000_000) + record('after', 'info', 3_000_000));
  writeFileSync(files.errorOutput, 'FATAL ERROR: heap out of memory\n\n 1: 0xdead\n');
  utimesSync(files.errorOutput, 2_000, 2_000);
  const part = readLog(files, { lines: 10 });
  assert.deepEqual(messages(part), ['before', 'FATAL ERROR: heap out of memory', ' 1: 0xdead', 'after']);
  assert.deepEqual(readLog(files, { lines: 10, cursor: part.cursor }).lines, []);

  truncateSync(files.errorOutput);
  appendFileSync(files.errorOutput, 'again\n');
  assert.deepEqual(messages(readLog(files, { lines: 10, cursor: part.cursor })), ['again']);
});

test('an answer stays small however much was asked for', () => {
  writeFileSync(files.records, Array.from({ length: 100 }, (_, index) => record(`${index}${'x'.repeat(50_000)}`)).join(''));
  const last = readLog(files, { lines: 1_000 });
  assert.ok(last.lines.length > 10 && last.lines.length < 30);
  assert.match(last.lines.at(-1) ?? '', /"msg":"99x/);
  const start = Buffer.from(JSON.stringify({ segment: 1, bytes: 0, errorBytes: 0 })).toString('base64url');
  const seen: string[] = [];
  for (
    let part = readLog(files, { lines: 1_000, cursor: start });
    part.lines.length > 0;
    part = readLog(files, { lines: 1_000, cursor: part.cursor })
  )
    seen.push(...messages(part));
  assert.equal(seen.length, 100);
});

for (const cursor of ['', 'x', 'bnVsbA', Buffer.from('{"segment":-1,"bytes":0,"errorBytes":0}').toString('base64url')]) {
  test(`the cursor ${JSON.stringify(cursor)} is refused`, () => {
    assert.throws(() => readLog(files, { lines: 1, cursor }), { code: 'badRequest' });
  });
}

test('a cursor that is ahead of the log reads nothing and breaks nothing', () => {
  writeFileSync(files.records, record('1'));
  const cursor = Buffer.from('{"segment":1,"bytes":999999999,"errorBytes":5}').toString('base64url');
  assert.deepEqual(readLog(files, { lines: 1, cursor }).lines, []);
});
