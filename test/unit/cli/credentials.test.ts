import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { credentialsFor, credentialsText } from '../../../server/cli/credentials.ts';

const env = { ANTHROPIC_API_KEY: 'sk-1', ANTHROPIC_BASE_URL: 'http://127.0.0.1:1', MY_TOKEN: 't', REGION: 'eu', EMPTY: '' };

describe('what an agent gets of the environment', () => {
  it('is nothing for the demo agent', () => {
    assert.deepEqual(credentialsFor('demo', { env, names: [] }), { secrets: {}, environment: {} });
  });

  it('is the key and the endpoint for Claude Code', () => {
    const { secrets, environment } = credentialsFor('claude', { env, names: [] });
    assert.deepEqual(secrets, { ANTHROPIC_API_KEY: 'sk-1' });
    assert.deepEqual(environment, { ANTHROPIC_BASE_URL: 'http://127.0.0.1:1' });
  });

  it('leaves the key where it is for an agent with its own login', () => {
    assert.deepEqual(credentialsFor('claude', { env, names: [], login: true }).secrets, {});
  });

  it('keeps what is named like a key among the secrets', () => {
    const { secrets, environment } = credentialsFor('acp', { env, names: ['MY_TOKEN', 'REGION', 'EMPTY'] });
    assert.deepEqual(secrets, { MY_TOKEN: 't' });
    assert.deepEqual(environment, { REGION: 'eu' });
  });

  it('refuses a name that is not set, and a value', () => {
    assert.throws(() => credentialsFor('acp', { env, names: ['NOWHERE'] }), /no NOWHERE in your environment/);
    assert.throws(
      () => credentialsFor('acp', { env, names: ['A=sk-2'] }),
      (error: Error) => !error.message.includes('sk-2'),
    );
  });

  it('is told by name and never by value', () => {
    const text = credentialsText('claude', credentialsFor('claude', { env, names: ['MY_TOKEN'] })).join(' ');
    assert.match(text, /ANTHROPIC_API_KEY and MY_TOKEN/);
    assert.doesNotMatch(text, /sk-1|127\.0/);
    assert.match(credentialsText('claude', { secrets: {}, environment: {} }).join(' '), /own login/);
  });
});
