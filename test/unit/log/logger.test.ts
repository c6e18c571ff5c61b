import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
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

function create(level: LogOptions['level'] = 'info'): Promise<Logger> {
  return createLogger({ dir, level, build, onRecord: (record) => void shown.push(record) });
}

/** What has reached the file by now, and then all of it. */
async function lines(count: number): Promise<Record<string, unknown>[]> {
  for (;;) {
    const text = readdirSync(dir)
      .map((name) => readFileSync(join(dir, name), 'utf8'))
      .join('');
    const whole = text.split('\n').slice(0, -1);
    if (whole.length >= count) return whole.map((line) => JSON.parse(line));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test('each record is one JSON line with the build, errors with what caused them', async () => {
  const logger = await create();
  logger.info({ agentId: 'a' }, 'two\nlines');
  logger.error({ err: new Error('broken', { cause: new Error('deeper') }) }, 'failed');
  const [first, second] = await lines(2);
  assert.deepEqual([first?.msg, first?.agentId, first?.gitSha, first?.build], ['two\nlines', 'a', 'abc', '1.0-abc-1']);
  assert.match(JSON.stringify(second), /deeper/);
  assert.deepEqual(shown, [
    { level: 'info', message: 'two\nlines' },
    { level: 'error', message: 'failed: broken: deeper' },
  ]);
});

test('the level can be changed while it runs; details go to the file and not to who looks on', async () => {
  const logger = await create();
  logger.debug('not seen');
  logger.level = 'debug';
  logger.debug('seen');
  logger.level = 'fatal';
  logger.error('not seen either');
  logger.fatal('the end');
  assert.deepEqual(
    (await lines(2)).map(({ msg }) => msg),
    ['seen', 'the end'],
  );
  assert.deepEqual(shown, [{ level: 'fatal', message: 'the end' }]);
});
