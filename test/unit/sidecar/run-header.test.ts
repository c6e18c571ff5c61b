import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runHeader, shownCommand } from '../../../server/sidecar/run-header.ts';
import { newRunRecord } from '../../support/worker-world.ts';

const hidden = '‹hidden›';

for (const [name, command, expected] of [
  ['ordinary arguments', ['claude', '--model', 'opus', '-p', '--max-turns=3'], ['claude', '--model', 'opus', '-p', '--max-turns=3']],
  ['the value of a secret option', ['agent', '--api-key', 'abc', 'x'], ['agent', '--api-key', hidden, 'x']],
  ['a secret option with its value', ['agent', '--auth-token=abc'], ['agent', `--auth-token=${hidden}`]],
  ['a variable before the program', ['env', 'OPENAI_API_KEY=abc', 'agent'], ['env', `OPENAI_API_KEY=${hidden}`, 'agent']],
  ['a secret option without a value', ['agent', '--password', '--verbose'], ['agent', '--password', '--verbose']],
  ['the user of an address', ['agent', '--url', 'https://me:pw@host/x'], ['agent', '--url', `https://${hidden}@host/x`]],
  [
    'what looks like a key',
    ['agent', 'sk-ant-api03-aaaaaaaaaaaaaaaa', 'say ghp_0123456789abcdef now'],
    ['agent', hidden, `say ${hidden} now`],
  ],
  ['a value with line ends', ['agent', '--token=a\nb'], ['agent', `--token=${hidden}`]],
  ['nothing', [], []],
] as const) {
  test(`in the log, ${name} stands so`, () => assert.deepEqual(shownCommand(command), expected));
}

test('the header says what ran, for whom, where and with what', () => {
  const record = newRunRecord({ agentName: 'demo', projectName: 'shop', model: 'opus', command: ['claude', '--token=x'], createdAt: 5 });
  assert.deepEqual(runHeader(record), {
    runId: record.runId,
    agentId: record.agentId,
    agent: 'demo',
    project: 'shop',
    provider: record.provider,
    model: 'opus',
    folder: record.projectDir,
    command: ['claude', `--token=${hidden}`],
    startedAt: 5,
  });
});
