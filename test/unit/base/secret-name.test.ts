import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSecretVariable } from '../../../server/base/secret-name.ts';

const secret = [
  'ANTHROPIC_API_KEY',
  'PGPASSWORD',
  'GITHUB_PAT',
  'DB_PASS',
  'MY_SECRET_VALUE',
  'AWS_SECRET_ACCESS_KEY',
  'NPM_TOKEN',
  'SENTRY_DSN',
];
const plain = [
  'CLAUDE_CODE_MAX_OUTPUT_TOKENS',
  'PATH',
  'HOME',
  'PWD',
  'LANG',
  'CLAUDE_CODE_MAX_RETRIES',
  'ANTHROPIC_BASE_URL',
  'KEYBOARD',
  'PASTEL',
  'CREDENTIALS_DIRECTORY',
];

for (const name of secret) test(`${name} is a secret`, () => assert.equal(isSecretVariable(name, 'x'), true));
for (const name of plain) test(`${name} is none`, () => assert.equal(isSecretVariable(name, 'x'), false));

test('an address with a password in it is a secret, whatever its name', () => {
  assert.equal(isSecretVariable('ANTHROPIC_BASE_URL', 'https://me:pw@gateway.example/v1'), true);
  assert.equal(isSecretVariable('ANTHROPIC_BASE_URL', 'https://gateway.example/v1?a=b@c'), false);
});
