import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AgorError } from '../../../server/protocol/errors.ts';
import type { AgentAdapter } from '../../../server/sidecar/adapter.ts';
import { SecretMask } from '../../../server/sidecar/secret-mask.ts';

const secret = 'sk-canary-"quoted"-1';
const mask = new SecretMask();
mask.learn([secret, 'abc']);

test('a secret is masked wherever it stands, at the same length', () => {
  const masked = mask.text(`the key is ${secret}, really ${secret}`);
  assert.equal(masked.includes('canary'), false);
  assert.equal(masked.length, `the key is ${secret}, really ${secret}`.length);
});

test('a secret is masked in every text of an event, however it is escaped', () => {
  const event = { type: 'notice', level: 'error', text: `It said:\n${secret}`, deep: [{ input: { key: secret } }] };
  const masked = mask.value(event);
  assert.equal(JSON.stringify(masked).includes('canary'), false);
  assert.equal(masked.level, 'error');
});

test('what holds no secret is given back as it is, and short values are left alone', () => {
  const event = { text: 'abc is a word' };
  assert.equal(mask.value(event), event);
  assert.equal(mask.text('abcdef'), 'abcdef');
});

test('an adapter refuses without the secret, and without the cause that has it', async () => {
  const refuses = () => Promise.reject(new AgorError('agentFailed', `Tried: claude. ${secret}`, { cause: new Error(secret) }));
  const adapter: AgentAdapter = { open: refuses, prompt: refuses, interrupt: refuses, answer: () => false, stop: async () => {} };
  const error = await mask
    .adapter(adapter)
    .interrupt()
    .then(
      () => undefined,
      (reason: unknown) => reason,
    );
  assert.ok(error instanceof AgorError);
  assert.equal(error.code, 'agentFailed');
  assert.equal(`${error.message}${error.stack}${String(error.cause)}`.includes('canary'), false);
});

test('the usual encodings of a secret are masked, wherever in the encoded text they lie', () => {
  const bytes = Buffer.from(secret);
  const forms: Record<string, string> = {
    base64: bytes.toString('base64'),
    base64url: bytes.toString('base64url'),
    hex: bytes.toString('hex'),
    'hex in capitals': bytes.toString('hex').toUpperCase(),
    percent: encodeURIComponent(secret),
    reversed: [...secret].reverse().join(''),
    'JSON in text': JSON.stringify({ key: secret }),
  };
  for (const [name, form] of Object.entries(forms)) {
    const masked = mask.text(`before ${form} after`);
    assert.equal(masked.includes(form.slice(2, -2)), false, name);
    assert.equal(masked.length, form.length + 13, name);
  }
  for (const before of ['', 'a', 'ab', 'abc', 'key: ']) {
    const masked = mask.text(Buffer.from(`${before}${secret} and more`).toString('base64'));
    // Two characters on either side may be part of what stands beside it.
    const left = Buffer.from(masked.replaceAll('•', 'A'), 'base64').toString('latin1');
    assert.equal(left.includes(secret.slice(2, -2)), false, before);
    assert.ok(masked.includes('•'.repeat(20)), before);
  }
});

test('of a secret that is part of another, the longer one is masked whole', () => {
  const both = new SecretMask();
  both.learn(['canary', 'canary-longer']);
  assert.equal(both.text('canary-longer canary'), `${'•'.repeat(13)} ${'•'.repeat(6)}`);
});

test('what was learnt later is masked as well, and what was known before stays masked', () => {
  const rotated = new SecretMask();
  rotated.learn(['first-key']);
  rotated.learn(['second-key']);
  assert.equal(rotated.text('first-key second-key'), `${'•'.repeat(9)} ${'•'.repeat(10)}`);
});

test('a secret that is the name of a field is masked, and the prototype stays what it is', () => {
  const masked = mask.value(JSON.parse(`{"input":{${JSON.stringify(secret)}:1,"__proto__":{"x":${JSON.stringify(secret)}}}}`));
  assert.equal(JSON.stringify(masked).includes('canary'), false);
  assert.equal(Object.getPrototypeOf(masked.input), Object.prototype);
});

test('an end that may be the beginning of a secret is told', () => {
  assert.deepEqual(
    ['', 'nothing', 'a sk-can', `${secret}.`, `${secret}s`, 's'].map((text) => mask.openEnd(text)),
    [0, 0, 6, 0, 1, 1],
  );
});
