/** The demo agent in a team, with a control server of a sidecar and a backend that the test plays. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { newId } from '../../server/base/uuid.ts';
import { AgorError } from '../../server/protocol/errors.ts';
import { type AcpHarness, demoAgentPath, fresh, withAcp } from '../support/acp-harness.ts';
import { ControlWorld } from '../support/control-world.ts';
import { sampleMessage, sampleTask } from '../support/teamwork-samples.ts';

let world: ControlWorld;
let calls: { readonly method: string; readonly params: unknown }[];

const answers: Readonly<Record<string, unknown>> = {
  'message/send': { message: sampleMessage, note: 'ann is away.' },
  'message/reply': { message: sampleMessage, note: null },
  'message/inbox': { messages: [{ ...sampleMessage, text: '# **hi**\nthere' }], unread: 1 },
  'task/list': { tasks: [sampleTask] },
  'task/add': sampleTask,
  'task/move': sampleTask,
};

beforeEach(async () => {
  calls = [];
  world = await new ControlWorld().open();
  world.answerCall = async (method, params) => {
    calls.push({ method, params });
    return answers[method];
  };
});
afterEach(() => world.remove());

function inTeam(run: (harness: AcpHarness) => Promise<void>): Promise<void> {
  const environment = { AGOR_CONTROL_SOCKET: world.control.agentSocket, AGOR_RUN_TOKEN: world.control.runToken };
  return withAcp({ command: [process.execPath, demoAgentPath], environment }, async (harness) => {
    await harness.adapter.open(fresh);
    await run(harness);
  });
}

const orders = [
  ['tell ann Is the door done?', 'message/send', { to: 'ann', text: 'Is the door done?' }, 'It is sent as `000000a1`. ann is away.\n'],
  ['reply 4f21c0aa It is.', 'message/reply', { message: '4f21c0aa', text: 'It is.' }, 'It is sent as `000000a1`.\n'],
  ['inbox', 'message/inbox', {}, 'I have not read 1 of my messages.\n\n- `000000a1` from **bob**: \\# \\*\\*hi\\*\\* there\n'],
  ['tasks', 'task/list', {}, '- **#12** Build the door (review, for bob)\n'],
  ['task Build the door', 'task/add', { title: 'Build the door' }, 'On the board: **#12** Build the door (review, for bob)\n'],
  ['move 12 review', 'task/move', { task: '12', state: 'review' }, 'On the board: **#12** Build the door (review, for bob)\n'],
] as const;

test('each word for the team asks its sidecar, shows that as a tool, and says what came of it', () =>
  inTeam(async (harness) => {
    for (const [prompt, method, params, said] of orders) {
      assert.equal((await harness.turn(prompt)).reason, 'completed');
      assert.deepEqual(calls.at(-1), { method, params });
      assert.equal(harness.texts().at(-1), said);
    }
    assert.equal(harness.of('toolStarted').length, orders.length);
  }));

test('a refusal is said in its own sentence, and the turn is not lost', () =>
  inTeam(async (harness) => {
    world.answerCall = () => Promise.reject(new AgorError('notFound', 'There is no agent "anne".'));
    assert.equal((await harness.turn('tell anne hello')).reason, 'completed');
    assert.equal(harness.texts().at(-1), 'That was refused: There is no agent "anne".\n');
    assert.equal(harness.of('toolEnded').at(-1)?.status, 'failed');
  }));

test('a word that lacks what it takes says how it is said', () =>
  inTeam(async (harness) => {
    await harness.turn('tell ann');
    assert.equal(harness.texts().at(-1), 'Say it like this: `tell ann Is the door done?`\n');
    assert.deepEqual(calls, []);
  }));

const letter = (id: string, { reply = 'expected', body = 'Is it done?' }) =>
  `--- agor message ${id} (bound) ---\nfrom: bob (project)\nto: me\nreply: ${reply}\n--- text bound ---\n${body}\n--- end bound ---`;

test('of its mail it says what came, and answers what expects an answer', () =>
  inTeam(async (harness) => {
    const unanswered = letter('4f21c0cc', { body: 'This wants no answer.' });
    await harness.turn(['You have mail.', letter('4f21c0aa', {}), letter('4f21c0bb', { reply: 'not expected' }), unanswered].join('\n\n'));
    assert.deepEqual(calls, [
      {
        method: 'message/reply',
        params: { message: '4f21c0aa', text: 'I have read "Is it done?". I am a demo without a model, so that is all I can say to it.' },
      },
    ]);
    assert.match(harness.texts().join(''), /\*\*bob\*\* wrote to me: Is it done\?/);
  }));

test('mail beside a prompt is read first, and then the prompt is obeyed', () =>
  inTeam(async (harness) => {
    await harness.adapter.prompt({ promptId: newId(), text: 'tasks', context: letter('4f21c0aa', {}) });
    await harness.next('turnEnded');
    assert.deepEqual(
      calls.map(({ method }) => method),
      ['message/reply', 'task/list'],
    );
  }));

test('without a team it says so', () =>
  withAcp({ command: [process.execPath, demoAgentPath] }, async (harness) => {
    await harness.adapter.open(fresh);
    await harness.turn('tasks');
    assert.equal(harness.texts().at(-1), 'I have no team: nobody runs me beside other agents.\n');
  }));
