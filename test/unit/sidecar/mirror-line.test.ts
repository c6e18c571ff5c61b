import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mirrorLine, safeName } from '../../../server/sidecar/mirror-line.ts';

const time = '2026-01-02T03:04:05.678Z';

for (const [name, record, expected] of [
  ['a record', { level: 30, component: 'bus', msg: 'connected' }, 'INFO  [bus] connected'],
  ['an error', { level: 50, component: 'outbox', msg: 'failed', err: { message: 'full' } }, 'ERROR [outbox] failed: full'],
  ['several lines', { level: 60, component: 'hook:stop', msg: 'one\r\ntwo\nthree' }, 'FATAL [hook:stop] one ⏎ two ⏎ three'],
  ['colours and controls', { level: 40, component: 'x', msg: '\u001b[31mred\u001b[0m\u0007\tend\u009b' }, 'WARN  [x] red end'],
  ['text turned round', { level: 20, component: 'x', msg: 'a\u202eb\u2028c' }, 'DEBUG [x] ab ⏎ c'],
  ['no message', { level: 10 }, 'TRACE [runner] '],
] as const) {
  test(`${name} is one plain line`, () => assert.equal(mirrorLine({ time, ...record }), `[${time}] ${expected}\n`));
}

test('a message without end is cut, and says so', () => {
  const line = mirrorLine({ time, level: 30, msg: 'x'.repeat(10_000) });
  assert.ok(line.length < 5_000);
  assert.match(line, /… 6000 more characters\n$/);
});

for (const [name, expected] of [
  ['demo', 'demo'],
  ['../../etc/passwd', 'etc-passwd'],
  ['a b\u0000ü/c', 'a-b-c'],
  ['日本', 'agent'],
  ['', 'agent'],
  ['x'.repeat(200), 'x'.repeat(60)],
] as const) {
  test(`the name ${JSON.stringify(name.slice(0, 20))} is safe in a path`, () => assert.equal(safeName(name), expected));
}
