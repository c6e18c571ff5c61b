import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { createLogger, type Logger, type LogOptions } from '../../../server/log/logger.ts';

const build = { version: '1.0', gitSha: 'abc', buildTime: 1, nodeVersion: 'v24' };

let dir: string;
let shown: Parameters<LogOptions['onRecord']>[0][];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'agor-log-'));
  shown = [];
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function create(level: LogOptions['level'] = 'info'): Logger {
  return createLogger({ dir, level, build, onRecord: (record) => void shown.push(record) });
}

function records(): Record<string, unknown>[] {
  const lines = readFileSync(join(dir, 'backend.log'), 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line));
}

test('each record is one JSON line with the build, errors with what caused them, and on disk at once', () => {
  const logger = create();
  logger.info({ agentId: 'a' }, 'two\nlines');
  logger.error({ err: new Error('broken', { cause: new Error('deeper') }) }, 'failed');
  const [first, second] = records();
  assert.deepEqual(
    [first?.msg, first?.agentId, first?.component, first?.gitSha, first?.build],
    ['two\nlines', 'a', 'backend', 'abc', '1.0-abc-1'],
  );
  assert.match(JSON.stringify(second), /deeper/);
  assert.deepEqual(shown, [
    { level: 'info', message: 'two\nlines' },
    { level: 'error', message: 'failed: broken: deeper' },
  ]);
});

test('the level can be changed while it runs; details go to the file and not to who looks on', () => {
  const logger = create();
  logger.debug('not seen');
  logger.level = 'debug';
  logger.debug('seen');
  logger.level = 'fatal';
  logger.error('not seen either');
  logger.fatal('the end');
  assert.deepEqual(
    records().map(({ msg }) => msg),
    ['seen', 'the end'],
  );
  assert.deepEqual(shown, [{ level: 'fatal', message: 'the end' }]);
});

test('what has lain in the folder for a month is removed at the start', () => {
  for (const [name, days] of [
    ['session-mirror-gone-12345678.log', 31],
    ['session-mirror-here-12345678.log', 29],
  ] as const) {
    writeFileSync(join(dir, name), '');
    const at = Date.now() / 1_000 - days * 86_400;
    utimesSync(join(dir, name), at, at);
  }
  create();
  assert.deepEqual(
    [existsSync(join(dir, 'session-mirror-gone-12345678.log')), existsSync(join(dir, 'session-mirror-here-12345678.log'))],
    [false, true],
  );
});

test('a folder that is gone costs records and fails nobody', () => {
  const logger = create();
  rmSync(dir, { recursive: true });
  logger.error('lost');
  assert.deepEqual(shown, [{ level: 'error', message: 'lost' }]);
});
