import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { SecretFilter, type WithheldHit } from '../../../server/leaks/secret-filter.ts';
import { readSourceFiles } from '../../support/source-files.ts';

const secret = 'sk-canary-"quoted"\\ä/+-?????1';
const bytes = Buffer.from(secret);
const reversed = [...secret].reverse().join('');

function knowing(...values: string[]): { filter: SecretFilter; hits: WithheldHit[] } {
  const hits: WithheldHit[] = [];
  const filter = new SecretFilter((hit) => hits.push(hit));
  filter.learn(values.map((value, index) => ({ name: `key${index}`, value })));
  return { filter, hits };
}

/** Each shape, and what it is called in the audit log. */
const shapes: readonly (readonly [form: WithheldHit['form'], text: string])[] = [
  ['plain', secret],
  ['base64', bytes.toString('base64')],
  ['base64', bytes.toString('base64').replace(/.{7}/g, '$&\n')],
  ['base64url', bytes.toString('base64url')],
  ['hex', bytes.toString('hex')],
  ['hex', bytes.toString('hex').toUpperCase()],
  ['hex', bytes.toString('hex').replace(/../g, '$& ')],
  ['url', encodeURIComponent(secret)],
  ['url', [...bytes].map((byte) => `%${byte.toString(16)}`).join('')],
  ['reversed', reversed],
  ['split', [...secret].join(' ')],
  ['split', [...secret].join('\n')],
  ['split', [...secret].join('" + "')],
  ['split', secret.replace('ary', 'a\u200bry')],
  ['split', JSON.stringify(secret)],
  ['escaped', JSON.stringify([...secret].join('\n'))],
  ['escaped', secret.replace('ä', '\\u00e4')],
  ['escaped', [...bytes].map((byte) => `\\x${byte.toString(16)}`).join('')],
];

test('a secret is taken out in each of its shapes, and each is told by its name', () => {
  for (const [form, text] of shapes) {
    const { filter, hits } = knowing(secret);
    const told = filter.text(`before ${text} after`, 'text');
    assert.match(told, /^before "?\[secret key0\][=\s]*"? ?after$/, text);
    assert.deepEqual(hits, [{ secret: 'key0', place: 'text', form }], text);
  }
});

test('JSON in JSON in JSON does not hide it', () => {
  const nested = JSON.stringify({ a: JSON.stringify({ b: JSON.stringify({ [secret]: `x\n${secret}` }) }) });
  const told = knowing(secret).filter.text(nested, 'log');
  assert.doesNotMatch(told, /canary/);
  assert.equal(told.match(/\[secret key0\]/g)?.length, 2);
});

test('base64 is found wherever in the encoded bytes the secret lies', () => {
  for (const before of ['', 'a', 'ab', 'abc', 'key: ']) {
    for (const after of ['', 'x', 'xy', ' and more']) {
      const encoded = Buffer.from(`${before}${secret}${after}`).toString('base64');
      const told = knowing(secret).filter.text(encoded, 'text');
      assert.match(told, /\[secret key0\]/);
      // At most two characters on either side are part of what stands beside it as well.
      const left = Buffer.from(told.replace('[secret key0]', '').replace(/=/g, ''), 'base64').toString('latin1');
      assert.equal(left.includes(secret.slice(2, 6)), false, encoded);
    }
  }
});

test('a backslash before a letter of the secret does not hide it, whatever the letter means', () => {
  const { filter } = knowing('never-been-told');
  for (const text of ['\\never-been-told', 'ne\\ver-\\been-\\told', 'ne\\\\\\ver-been-told'])
    assert.equal(filter.text(text, 'text').includes('told'), false, text);
});

test('of secrets that overlap nothing is left, and the longer one is named', () => {
  const { filter } = knowing('canary-one', 'canary-one-longer', 'longer-and-longer');
  assert.equal(filter.text('canary-one-longer canary-one.', 'text'), '[secret key1] [secret key0].');
  assert.equal(filter.text('canary-one-longer-and-longer', 'text').includes('longer'), false);
});

test('what was learnt later is taken out as well, and what was known before stays out', () => {
  const filter = new SecretFilter();
  filter.learn([{ name: 'key', value: 'first-canary' }]);
  filter.learn([{ name: 'key', value: 'second-canary' }]);
  assert.equal(filter.text('first-canary second-canary', 'text'), '[secret key] [secret key]');
});

test('short and plain values are not looked for, and it is said which', () => {
  const filter = new SecretFilter();
  const unfound = filter.learn([
    { name: 'short', value: 'seven77' },
    { name: 'ruler', value: '----------' },
    { name: 'spaces', value: 'a b c d e f g' },
    { name: 'good', value: 'eight888' },
  ]);
  assert.deepEqual(unfound, ['short', 'ruler', 'spaces']);
  const text = 'seven77 ---------- a b c d e f g';
  assert.equal(filter.text(`${text} eight888`, 'text'), `${text} [secret good]`);
});

test('a token of ours is taken out, and nobody is told', () => {
  const hits: WithheldHit[] = [];
  const filter = new SecretFilter((hit) => hits.push(hit));
  filter.learn([{ name: 'run token', value: 'a-token-of-ours', isOurs: true }]);
  assert.equal(filter.text('AGOR_RUN_TOKEN=a-token-of-ours', 'log'), 'AGOR_RUN_TOKEN=[run token]');
  assert.deepEqual(hits, []);
});

test('a long secret of several lines is found whole, and each of its parts in a row of others', () => {
  const key = Array.from({ length: 30 }, (_, index) => `line${index}${'abcdefgh'.repeat(6)}${index * 7}`).join('\n');
  const { filter } = knowing(key);
  for (const text of [key, JSON.stringify(key), Buffer.from(key).toString('base64'), Buffer.from(key).toString('hex')])
    assert.doesNotMatch(filter.text(text, 'text').replace(/\[secret key0\]/g, ''), /\w/, text.slice(0, 20));
});

test('a value keeps its shape, its prototype and itself where it holds none', () => {
  const { filter } = knowing(secret);
  const clean = { type: 'notice', deep: [{ a: 1, b: null }] };
  assert.equal(filter.value(clean, 'event'), clean);
  const told = filter.value(JSON.parse(`{"input":{${JSON.stringify(secret)}:1,"__proto__":{"x":${JSON.stringify(secret)}}}}`), 'tool');
  assert.doesNotMatch(JSON.stringify(told), /canary/);
  assert.equal(Object.getPrototypeOf(told.input), Object.prototype);
});

test('what is nested more deeply than anything is cut off instead of ending the process', () => {
  const deep = JSON.parse(`${'['.repeat(5_000)}"${'x'.repeat(3)}"${']'.repeat(5_000)}`);
  assert.match(JSON.stringify(knowing(secret).filter.value(deep, 'tool')), /nested too deeply/);
});

test('an end that may be the beginning of a secret is told, in every shape', () => {
  const { filter } = knowing('sk-canary-0001');
  const openEnds = [
    '',
    'nothing',
    'a sk-can',
    'sk-canary-0001.',
    'sk-canary-0001s',
    's',
    'a s\nk-"',
    'a 99%',
    'a %73%6',
    'a \\',
    'a \\u00',
  ];
  assert.deepEqual(
    openEnds.map((text) => text.length - filter.begun(text, 'text').openFrom),
    [0, 0, 6, 0, 1, 1, 5, 1, 5, 1, 4],
  );
});

test('a gap that nobody would write parts a value, so that little is ever held back', () => {
  const { filter } = knowing('sk-canary-0001');
  assert.equal(filter.begun(`sk-can${' '.repeat(5_000)}`, 'text').openFrom, 5_006);
});

test('in ordinary text nothing is found', () => {
  const values = ['sk-ant-api03-R2-d2', 'ghp_0123456789abcdefABCDEF', 'hunter22', 'correct horse battery staple', '5up3r-s3cr3t'];
  const { filter, hits } = knowing(...values);
  const own = new Set(['test/unit/leaks/secret-filter.test.ts']);
  const files = [...readSourceFiles('{server,extension,webviews,test,scripts}/**/*.ts'), ...readSourceFiles('*.{md,json}')];
  let chars = 0;
  while (chars < 10_000_000) {
    for (const { path } of files.filter(({ path }) => !own.has(path))) {
      const text = readFileSync(path, 'utf8');
      chars += text.length;
      assert.equal(filter.text(text, 'text') === text, true, path);
    }
  }
  assert.deepEqual(hits, []);
});
