import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SecretFilter, type WithheldHit } from '../../../server/leaks/secret-filter.ts';
import { filteredParams } from '../../../server/sidecar/filtered-call.ts';
import { filteredRecord } from '../../../server/sidecar/filtered-record.ts';

const secret = 'sk-canary-0001';
const hits: WithheldHit[] = [];
const filter = new SecretFilter((hit) => hits.push(hit));
filter.learn([{ name: 'model', value: secret }]);
const base64 = (text: string) => Buffer.from(text).toString('base64');

test('what an agent writes to others and into tasks goes without its secrets, and it is known where they stood', () => {
  hits.length = 0;
  assert.deepEqual(filteredParams(filter, 'message/send', { to: 'person', text: `It is ${secret}.` }), {
    to: 'person',
    text: 'It is [secret model].',
  });
  filteredParams(filter, 'task/add', { title: base64(secret) });
  filteredParams(filter, 'agent/list', { [secret]: 1 });
  assert.deepEqual(
    hits.map(({ place, form }) => `${place} ${form}`),
    ['message plain', 'task base64', 'call plain'],
  );
});

test('a file that holds a secret is not sent, and one that holds none is sent as it is', () => {
  const attachments = [{ name: `${secret}.txt`, base64: base64('nothing') }];
  assert.deepEqual(filteredParams(filter, 'message/send', { to: 'person', text: 'x', attachments }), {
    to: 'person',
    text: 'x',
    attachments: [{ name: '[secret model].txt', base64: base64('nothing') }],
  });
  for (const content of [secret, `x\n${Buffer.from(secret).toString('hex')}`, `\u0000\u0001${secret}`]) {
    const params = { to: 'person', text: 'x', attachments: [{ name: 'a.txt', base64: base64(content) }] };
    assert.throws(() => filteredParams(filter, 'message/send', params), {
      code: 'refused',
      message: /The file "a\.txt" holds the secret "model"/,
    });
  }
});

test('what has no usable shape is looked through all the same', () => {
  assert.equal(filteredParams(filter, 'message/send', secret), '[secret model]');
  assert.deepEqual(filteredParams(filter, 'message/send', { attachments: [secret] }), { attachments: ['[secret model]'] });
});

test('a record of the log stays a record, whatever stands in it', () => {
  const record = (fields: object) => `${JSON.stringify({ level: 30, time: '2026-01-01T00:00:00.000Z', ...fields })}\n`;
  const whole = record({ msg: 'nothing', a: '"quoted"' });
  assert.equal(filteredRecord(filter, whole), whole);
  const told = filteredRecord(filter, record({ msg: `key ${secret}`, err: { message: base64(secret) } }));
  assert.deepEqual(JSON.parse(told), {
    level: 30,
    time: '2026-01-01T00:00:00.000Z',
    msg: 'key [secret model]',
    err: { message: '[secret model]=' },
  });
  const split = filteredRecord(filter, record({ msg: 'x', list: ['sk-cana', 'ry-0001'] }));
  assert.doesNotMatch(split, /ry-0001/);
  assert.match(JSON.parse(split).msg, /split over its fields/);
});
