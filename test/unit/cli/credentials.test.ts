import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { credentialsFor, credentialsText, givenSecrets, secretUses, secretUsesText } from '../../../server/cli/credentials.ts';
import { UsageError } from '../../../server/cli/exit-codes.ts';

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

describe('the secrets that an agent uses', () => {
  it('are named by variable, and by the variable’s own name where no other is given', () => {
    assert.deepEqual(secretUses(['ANTHROPIC_API_KEY=anthropic', 'GITHUB_TOKEN']), [
      { variable: 'ANTHROPIC_API_KEY', secret: 'anthropic' },
      { variable: 'GITHUB_TOKEN', secret: 'GITHUB_TOKEN' },
    ]);
    assert.deepEqual(secretUses([]), []);
  });

  it('are refused without a word of what was typed when it is a value, and when one variable is named twice', () => {
    for (const typed of ['ANTHROPIC_API_KEY=sk-ant-canary-01', 'sk-ant-canary-01', 'KEY=canary 1', 'KEY=', '=canary', 'KEY=a=canary']) {
      assert.throws(
        () => secretUses([typed]),
        (error: Error) => error instanceof UsageError && !error.message.includes('canary') && /never a value/.test(error.message),
        typed,
      );
    }
    assert.throws(() => secretUses(['KEY=a', 'KEY=b']), /KEY twice/);
  });

  it('are told by name, and those that nobody keeps yet are', () => {
    const uses = secretUses(['KEY=a', 'OTHER=b']);
    const [first, second] = secretUsesText(uses, new Set(['a']));
    assert.equal(first, 'Uses the secret "a" for KEY.');
    assert.match(second ?? '', /"b" for OTHER, which is not set yet.*Set Secret/);
  });
});

describe('what a descriptor brings', () => {
  const one = { name: 'builder', credentials: 'secret', secrets: secretUses(['ANTHROPIC_API_KEY=anthropic']) } as const;
  const two = { ...one, secrets: secretUses(['ANTHROPIC_API_KEY=anthropic', 'GITHUB_TOKEN']) };

  it('is taken by variable or by secret', () => {
    assert.deepEqual(givenSecrets(two, '{"anthropic": "a", "GITHUB_TOKEN": "g"}'), { ANTHROPIC_API_KEY: 'a', GITHUB_TOKEN: 'g' });
    assert.deepEqual(givenSecrets(two, '{"ANTHROPIC_API_KEY": "a"}'), { ANTHROPIC_API_KEY: 'a' });
  });

  it('is the bare value, without its line’s end, where only one can be meant', () => {
    assert.deepEqual(givenSecrets(one, 'a b\r\n'), { ANTHROPIC_API_KEY: 'a b' });
  });

  it('is any variable for an agent that has its key of an environment', () => {
    const agent = { name: 'builder', credentials: 'environment', secrets: [] } as const;
    assert.deepEqual(givenSecrets(agent, '{"OPENAI_API_KEY": "o"}'), { OPENAI_API_KEY: 'o' });
  });

  it('is refused with what was expected, and nothing of it is repeated', () => {
    for (const [agent, text] of [
      [two, 'canary'],
      [two, '{"canary": "a"}'],
      [two, '{"anthropic": "a", "canary": "b"}'],
      [two, '{"anthropic": ""}'],
      [two, '{}'],
      [one, ''],
      [one, '\n'],
      [{ ...one, credentials: 'environment', secrets: [] }, 'canary'],
      [{ ...one, credentials: 'environment', secrets: [] }, '{"not a variable canary": "x"}'],
    ] as const) {
      assert.throws(
        () => givenSecrets(agent, text),
        (error: Error) => error instanceof UsageError && !error.message.includes('canary') && /JSON object like/.test(error.message),
        text,
      );
    }
  });

  it('is refused for an agent with its program’s own login', () => {
    assert.throws(() => givenSecrets({ name: 'builder', credentials: 'login', secrets: [] }, 'canary'), /agent configure builder --secret/);
  });
});
