import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkPrompt, newAgent } from '../../../server/agents/new-agent.ts';
import { newId } from '../../../server/base/uuid.ts';
import { limits } from '../../../server/protocol/errors.ts';
import type { AgentId, ProjectId } from '../../../server/protocol/ids.ts';

const place = { id: newId<AgentId>(), projectId: newId<ProjectId>(), createdAt: 1 };
const params = { project: 'shop', name: 'demo', provider: 'demo' } as const;

test('an agent with only a name and a provider uses the program’s own login and is not paused', () => {
  assert.deepEqual(newAgent(params, place), {
    ...place,
    ...{ name: 'demo', provider: 'demo', command: [], model: null, environment: {}, path: null, credentials: 'login' },
    ...{ secretUses: [], sandboxMode: null, network: null, paused: false, sessionId: null },
  });
});

test('an agent that was given a secret needs one from then on, and does not hold it', () => {
  const agent = newAgent({ ...params, secrets: { ANTHROPIC_API_KEY: 'sk-1' } }, place);
  assert.equal(agent.credentials, 'environment');
  assert.equal(JSON.stringify(agent).includes('sk-1'), false);
});

test('a name with a slash, which stands between project and agent, is refused', () => {
  assert.throws(() => newAgent({ ...params, name: 'a/b' }, place), { code: 'badRequest', message: /may not contain "\/"/ });
});

test('an ACP agent needs its command', () => {
  assert.throws(() => newAgent({ ...params, provider: 'acp' }, place), { code: 'badRequest', message: /needs the command/ });
  assert.deepEqual(newAgent({ ...params, provider: 'acp', command: ['opencode', 'acp'] }, place).command, ['opencode', 'acp']);
});

for (const [name, text, code] of [
  ['an ordinary one', 'Fix the build', undefined],
  ['an empty one', '', 'badRequest'],
  ['one of blanks', ' \n\t ', 'badRequest'],
  ['one of the largest size', 'x'.repeat(limits.promptBytes), undefined],
  ['one a byte larger', 'x'.repeat(limits.promptBytes + 1), 'tooLarge'],
  ['one whose bytes are more than its characters', 'é'.repeat(limits.promptBytes / 2 + 1), 'tooLarge'],
] as const) {
  test(`of prompts, ${name} is ${code ?? 'accepted'}`, () => {
    if (code) assert.throws(() => checkPrompt(text), { code });
    else checkPrompt(text);
  });
}
