/** What survives when a process of ours is killed in the middle of a turn. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { isSameProcess } from '../../server/base/process-identity.ts';
import type { Connection } from '../../server/cli/connection.ts';
import type { Agent } from '../../server/protocol/agent.ts';
import type { Item } from '../../server/protocol/session.ts';
import { Followed, LiveBackend, until } from '../support/live-backend.ts';

const long = { timeout: 60_000 };

describe('a turn that runs', () => {
  let backend: LiveBackend;
  let connection: Connection;
  let agent: Agent;

  before(async () => {
    backend = await LiveBackend.create();
    connection = await backend.connect();
    agent = await backend.demoAgent(connection, '5');
  });
  after(() => backend.close());

  it('goes on when the backend is killed, and its text is there once and whole in the next one', long, async () => {
    const { sessionId } = await connection.call('agent/prompt', { agent: agent.id, text: 'long' });
    const first = await Followed.session(connection, sessionId);
    await first.until(() => first.text().length > 300);
    const { pid } = backend.owner();
    process.kill(pid, 'SIGKILL');
    await connection.closed;

    connection = await backend.connect();
    assert.notEqual(backend.owner().pid, pid);
    const second = await Followed.session(connection, sessionId);
    await second.untilTurnEnds();
    assert.equal(turnEnd(second)?.reason, 'completed');
    assert.ok(second.text().startsWith(first.text().slice(0, 300)), 'the text from before is kept');
    const shown = await connection.call('session/items', { session: sessionId });
    assert.equal(textOf(shown.items), second.text(), 'what streamed is what was kept');
    assert.deepEqual(second.gaps, []);
    assert.equal(repeatedHeading(second.text()), undefined, 'nothing is there twice');
  });

  it('is told as crashed, with its text kept, when the sidecar is killed; the next prompt goes on in the session', long, async () => {
    const { sessionId } = await connection.call('agent/prompt', { agent: agent.id, text: 'long' });
    const followed = await Followed.session(connection, sessionId);
    await followed.until((items) => textOf(currentTurn(items)).length > 300);
    const record = backend.run(agent.id);
    assert.ok(record?.sidecar && record.program);
    const { sidecar, program } = record;
    process.kill(sidecar.pid, 'SIGKILL');
    await followed.untilTurnEnds();
    assert.equal(turnEnd(followed)?.reason, 'crashed');
    assert.ok(textOf(currentTurn(followed.ordered())).length > 0);
    await until(() => !isSameProcess(program));

    await connection.call('agent/prompt', { agent: agent.id, text: 'help' });
    await followed.until((items) => items.at(-1)?.kind === 'turnEnd' && turnEnd(followed)?.reason === 'completed');
  });

  it('is told as crashed when the program is killed, and the same session goes on', long, async () => {
    const { sessionId } = await connection.call('agent/prompt', { agent: agent.id, text: 'long' });
    const followed = await Followed.session(connection, sessionId);
    await followed.until((items) => textOf(currentTurn(items)).length > 100);
    const before = (await connection.call('session/items', { session: sessionId })).session.providerSessionId;
    const program = backend.run(agent.id)?.program;
    assert.ok(program);
    process.kill(program.pid, 'SIGKILL');
    await followed.untilTurnEnds();
    assert.equal(turnEnd(followed)?.reason, 'crashed');

    await connection.call('agent/prompt', { agent: agent.id, text: 'help' });
    await followed.until((items) => items.at(-1)?.kind === 'turnEnd' && turnEnd(followed)?.reason === 'completed');
    assert.equal((await connection.call('session/items', { session: sessionId })).session.providerSessionId, before);
  });

  it('ends as interrupted when the agent is stopped, and nothing is left running', long, async () => {
    const { sessionId } = await connection.call('agent/prompt', { agent: agent.id, text: 'slow' });
    const followed = await Followed.session(connection, sessionId);
    await followed.until((items) => currentTurn(items).some((item) => item.kind === 'text'));
    const record = backend.run(agent.id);
    assert.ok(record?.sidecar && record.program);
    await connection.call('agent/stop', { agent: agent.id });
    assert.equal(turnEnd(followed)?.reason, 'interrupted');
    assert.equal(isSameProcess(record.sidecar), false);
    assert.equal(isSameProcess(record.program), false);
    assert.equal(backend.run(agent.id), undefined);
  });
});

function textOf(items: readonly Item[]): string {
  return items.flatMap((item) => (item.kind === 'text' ? item.text : [])).join('\n');
}

/** The items after the last prompt. */
function currentTurn(items: readonly Item[]): Item[] {
  return items.slice(items.findLastIndex((item) => item.kind === 'prompt') + 1);
}

function turnEnd(followed: Followed): Extract<Item, { kind: 'turnEnd' }> | undefined {
  return followed.ordered().findLast((item) => item.kind === 'turnEnd');
}

function repeatedHeading(text: string): string | undefined {
  const headings: readonly string[] = text.match(/^#+ .*$/gm) ?? [];
  return headings.find((heading, index) => headings.indexOf(heading) !== index);
}
