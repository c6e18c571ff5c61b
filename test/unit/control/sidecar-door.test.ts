import assert from 'node:assert/strict';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, it } from 'node:test';
import {
  createMessageConnection,
  type MessageConnection,
  ResponseError,
  SocketMessageReader,
  SocketMessageWriter,
} from 'vscode-jsonrpc/node';
import type { SidecarLink } from '../../../server/agents/sidecar-link.ts';
import { newId } from '../../../server/base/uuid.ts';
import { openSidecarDoor } from '../../../server/control/sidecar-door.ts';
import { AgorError, rpcErrorCode } from '../../../server/protocol/errors.ts';
import { type SidecarHello, sidecarWireVersion } from '../../../server/protocol/handshake.ts';
import type { SessionId } from '../../../server/protocol/ids.ts';
import type { AppendAnswer } from '../../../server/protocol/sidecar-wire.ts';
import { type SocketPair, socketPair } from '../../support/socket-pair.ts';
import { ids, Numbered, text, turnStarted } from '../../support/transcripts.ts';
import { newRunRecord } from '../../support/worker-world.ts';

const { runId, agentId } = newRunRecord();
const hello: SidecarHello = {
  ...{ role: 'sidecar', token: 't', wireVersion: sidecarWireVersion, build: 'b', runId, agentId, pid: 7 },
  ...{ programPid: null, programVersion: null, sessionId: null, capabilities: null, turnId: null, promptId: null },
};
const sessionId = newId<SessionId>();

const fencedOff = { files: 'off', network: 'open', mode: 'off', layers: [], landlockAbi: null, gaps: [], remedy: null };

let pair: SocketPair;
let sidecar: MessageConnection;
let link: SidecarLink;
let taken: unknown[];
let streamed: unknown[];
let takeIn: (events: readonly unknown[]) => AppendAnswer;

beforeEach(async () => {
  taken = [];
  streamed = [];
  takeIn = (events) => {
    taken.push(...events);
    return { ackedSeq: events.length };
  };
  pair = await socketPair();
  const attached = Promise.withResolvers<SidecarLink>();
  const deps = {
    attach: (_: SidecarHello, open: SidecarLink) => attached.resolve(open),
    takeIn: (_: unknown, events: readonly unknown[]) => takeIn(events),
    mail: () => ({ unread: [], owed: [] }),
    attachment: () => ({ base64: '' }),
    call: async () => ({}),
    streamed: (session: SessionId, event: unknown) => void streamed.push([session, event]),
    programChanged: (...change: unknown[]) => void streamed.push(change),
    fenced: (...fence: unknown[]) => void streamed.push(fence),
    poisoned: (...poisoned: unknown[]) => void streamed.push(poisoned),
    log: () => {},
  };
  openSidecarDoor(deps, pair.near, hello);
  link = await attached.promise;
  sidecar = createMessageConnection(new SocketMessageReader(pair.far), new SocketMessageWriter(pair.far));
  sidecar.onError(() => {});
  sidecar.listen();
});
afterEach(async () => {
  sidecar.dispose();
  await pair.close();
});

describe('events', () => {
  const events = () => new Numbered(sessionId).of(turnStarted(ids.turn()), text(ids.item(), 0, 'Hi'));

  it('are acknowledged up to where they are on disk, and what is refused is named', async () => {
    const answer: AppendAnswer = { ackedSeq: 1, refused: [{ seq: 2, reason: 'rejected', detail: 'no such turn' }] };
    takeIn = () => answer;
    assert.deepEqual(await sidecar.sendRequest('run/append', { events: events() }), answer);
  });

  it('that cannot be kept are not acknowledged, without telling why', async () => {
    takeIn = () => {
      throw new AgorError('storage', 'The disk that holds /secret/place is full.');
    };
    await assert.rejects(sidecar.sendRequest('run/append', { events: events() }), {
      code: rpcErrorCode,
      message: 'The backend could not keep the events.',
      data: { code: 'storage' },
    });
  });

  it('are handed on as they are, for each to be judged alone; no list of events is refused as a whole', async () => {
    const odd = [...events(), { seq: 3, event: { type: 'unheardOf' } }];
    assert.deepEqual(await sidecar.sendRequest('run/append', { events: odd }), { ackedSeq: 3 });
    await assert.rejects(sidecar.sendRequest('run/append', {}));
    assert.deepEqual(taken, odd);
  });

  it('that stream are handed on; what does not fit is dropped, and the channel stays', async () => {
    await sidecar.sendNotification('run/streamed', { sessionId, event: { type: 'unheardOf' } });
    await sidecar.sendNotification('run/streamed', { sessionId: 'no id', event: text(ids.item(), 0, 'a') });
    const event = text(ids.item(), 0, 'a');
    await sidecar.sendNotification('run/streamed', { sessionId, event });
    await sidecar.sendNotification('run/programChanged', { programPid: null, programVersion: null, detail: 'It ended.' });
    const fence = { sandbox: fencedOff, resources: { by: [], gaps: [] } };
    await sidecar.sendNotification('run/fenced', fence);
    await sidecar.sendNotification('run/poisoned', { count: 'many' });
    await sidecar.sendNotification('run/poisoned', { count: 2 });
    await sidecar.sendRequest('run/append', { events: [] });
    assert.deepEqual(streamed, [
      [sessionId, event],
      [agentId, { programPid: null, programVersion: null, detail: 'It ended.' }],
      [agentId, fence],
      [agentId, 2],
    ]);
  });
});

describe('a request', () => {
  it('is answered with what the sidecar says, if that fits', async () => {
    sidecar.onRequest('run/answer', () => ({ delivered: true, more: 1 }));
    const answer = { approvalId: ids.approval(), decision: 'deny', message: null } as const;
    assert.deepEqual(await link.request('run/answer', answer), { delivered: true });
    sidecar.onRequest('run/answer', () => ({ delivered: 'perhaps' }));
    await assert.rejects(link.request('run/answer', answer), AgorError);
  });

  it('that the sidecar refuses is refused in its words', async () => {
    sidecar.onRequest('run/interrupt', () => new ResponseError(rpcErrorCode, 'The program is missing.', { code: 'agentFailed' }));
    await assert.rejects(link.request('run/interrupt', {}), { name: 'AgorError', code: 'agentFailed', message: 'The program is missing.' });
    sidecar.onRequest('run/interrupt', () => new ResponseError(rpcErrorCode, 'Odd.', { code: 'unheardOf' }));
    await assert.rejects(link.request('run/interrupt', {}), { code: 'agentFailed' });
  });

  it('is unavailable when the channel closes before its answer, or has closed', async () => {
    sidecar.onRequest('run/interrupt', () => new Promise(() => {}));
    const asked = assert.rejects(link.request('run/interrupt', {}), { code: 'unavailable' });
    pair.far.destroy();
    await asked;
    await link.closed;
    await assert.rejects(link.request('run/interrupt', {}), { code: 'unavailable' });
  });

  it('is unavailable when this side closes the channel', async () => {
    sidecar.onRequest('run/interrupt', () => new Promise(() => {}));
    const asked = assert.rejects(link.request('run/interrupt', {}), { code: 'unavailable' });
    link.close();
    await asked;
  });
});

for (const [name, bytes] of [
  ['a frame with no length', 'Content-Length: x\r\n\r\n'],
  ['a frame that is no JSON', 'Content-Length: 3\r\n\r\n{{{'],
  ['no frames at all', 'x'.repeat(10_000)],
] as const) {
  it(`a sidecar that sends ${name} is cut off, and comes back on a new channel`, async () => {
    pair.far.write(bytes);
    await Promise.all([link.closed, once(pair.far, 'close')]);
  });
}
