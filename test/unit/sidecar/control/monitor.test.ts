import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { newId } from '../../../../server/base/uuid.ts';
import type { SessionId } from '../../../../server/protocol/ids.ts';
import type { MonitorLine } from '../../../../server/protocol/monitor.ts';
import { ControlServer } from '../../../../server/sidecar/control/control-server.ts';
import { Monitor } from '../../../../server/sidecar/control/monitor.ts';
import { MonitorReader } from '../../../support/control-client.ts';

const token = 't';
const first: MonitorLine = { kind: 'status', at: 1, status: 'idle' };

let root: string;
let monitor: Monitor;
let server: ControlServer;
let socketPath: string;
const readers: MonitorReader[] = [];

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'agor-monitor-'));
  socketPath = join(root, 'door', 's');
  monitor = new Monitor(() => first, { mostWaitingBytes: 1_000_000, goodbyeMs: 20 });
  server = new ControlServer({ routes: {}, openMonitor: monitor.open.bind(monitor), log: () => {} });
  await server.listen(socketPath, { authority: 'person', token });
});
afterEach(async () => {
  for (const reader of readers.splice(0)) reader.socket.terminate();
  monitor.close();
  await server.close();
  rmSync(root, { recursive: true, force: true });
});

async function newReader(): Promise<MonitorReader> {
  const reader = new MonitorReader(socketPath, token);
  readers.push(reader);
  await reader.until(() => true);
  return reader;
}

function line(text: string): MonitorLine {
  return { kind: 'session', at: 1, sessionId: newId<SessionId>(), event: { type: 'notice', level: 'info', text } };
}

test('a reader that takes nothing is cut off; the others get everything, and nobody waits', async () => {
  const [slow, quick] = [await newReader(), await newReader()];
  slow.socket.pause();
  const text = 'x'.repeat(100_000);
  for (let index = 0; index < 40; index += 1) {
    monitor.tell(() => line(text));
    await quick.until(() => quick.lines.length === index + 2);
  }
  monitor.tell(() => line('the end'));
  await quick.until((told) => JSON.stringify(told).includes('the end'));
  assert.equal(quick.lines.length, 42);
  slow.socket.resume();
  const { code, reason } = await slow.closed;
  assert.ok(slow.lines.length < 42);
  // It hears why when it gets that far within its time, and is gone otherwise.
  if (code === 1013) assert.match(reason, /too slowly/);
  else assert.equal(code, 1006);
});

test('a line is not even made when nobody reads', () => {
  monitor.tell(() => assert.fail('made for nobody'));
});

test('a reader that talks too much is cut off, and so many are served at once', async () => {
  const talker = await newReader();
  talker.socket.send('x'.repeat(2_000));
  assert.equal((await talker.closed).code, 1009);
  for (let index = 0; index < 8; index += 1) await newReader();
  const late = new MonitorReader(socketPath, token);
  readers.push(late);
  assert.equal(await late.refused(), 503);
  const [, served] = readers;
  served?.socket.close();
  await served?.closed;
  await newReader();
});

test('when it is over, a reader that takes nothing holds up nobody, and nobody else is let in', async () => {
  const reader = await newReader();
  reader.socket.pause();
  monitor.close();
  const late = new MonitorReader(socketPath, token);
  readers.push(late);
  assert.equal(await late.refused(), 503);
  await server.close();
  reader.socket.resume();
  await reader.closed;
});
