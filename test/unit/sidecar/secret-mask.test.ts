import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AgorError } from '../../../server/protocol/errors.ts';
import type { AgentAdapter } from '../../../server/sidecar/adapter.ts';
import { SecretMask } from '../../../server/sidecar/secret-mask.ts';

const secret = 'sk-canary-"quoted"-1';
const mask = new SecretMask([secret, 'abc']);

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
