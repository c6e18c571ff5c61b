import assert from 'node:assert/strict';
import { once } from 'node:events';
import { get, request } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, beforeEach, test } from 'node:test';
import type { Answer } from '../../../server/service/health-answer.ts';
import { HealthPort } from '../../../server/service/health-port.ts';

let port: HealthPort;
let problems: number;
let answer: () => Answer;
let later: (() => void)[];

beforeEach(() => {
  [problems, later] = [0, []];
  answer = () => ({ status: 200, body: { status: 'ok' } });
  port = new HealthPort({
    answer: () => answer(),
    onProblem: () => {
      problems += 1;
    },
    after: (_delayMs, call) => {
      later.push(call);
      return () => later.splice(later.indexOf(call), 1);
    },
  });
});
afterEach(() => port.close());

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A TCP server has an address with a port.
  const { port: free } = server.address() as AddressInfo;
  await once(server.close(), 'close');
  return free;
}

type Heard = { status: number | undefined; text: string; headers: Record<string, unknown> };

function ask(number: number, options: { method?: string; path?: string; host?: string } = {}): Promise<Heard> {
  const { method = 'GET', path = '/health', host } = options;
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: number, method, path, headers: host ? { Host: host } : {} }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => resolve({ status: response.statusCode, text, headers: response.headers }));
    });
    asked.on('error', reject).end();
  });
}

test('it answers on this machine, by both names, and to nobody for long', async () => {
  const number = await freePort();
  await port.use(number);
  assert.equal(port.listensOn, number);
  for (const path of ['/health', '/healthz']) {
    const { status, text, headers } = await ask(number, { path });
    assert.deepEqual([status, text], [200, '{"status":"ok"}\n']);
    assert.deepEqual([headers['cache-control'], headers.connection], ['no-store', 'close']);
    assert.equal(headers['access-control-allow-origin'], undefined);
  }
  assert.deepEqual((await ask(number, { method: 'HEAD' })).text, '');
  const { status, headers } = await ask(number, { method: 'POST' });
  assert.deepEqual([status, headers.allow], [405, 'GET, HEAD']);
  assert.equal((await ask(number, { host: 'evil.example' })).status, 421);
});

test('a port that is taken is told by its number and the way out, and used as soon as it is free', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  // A TCP server has an address with a port.
  const { port: number } = other.address() as AddressInfo;
  await port.use(number);
  assert.match(port.problem ?? '', new RegExp(`^Port ${number} of the health check is taken by another program, .*AGOR_HEALTH_PORT`));
  assert.equal(port.listensOn, undefined);
  await once(other.close(), 'close');
  const isSettled = () => port.problem === undefined;
  later.pop()?.();
  while (!isSettled()) await new Promise((resolve) => setImmediate(resolve));
  assert.equal((await ask(number)).status, 200);
  assert.equal(problems, 2);
});

test('0 is none, and another number is listened on instead', async () => {
  const [first, second] = [await freePort(), await freePort()];
  await port.use(first);
  await port.use(second);
  assert.equal((await ask(second)).status, 200);
  await assert.rejects(ask(first), { code: 'ECONNREFUSED' });
  await port.use(0);
  await assert.rejects(ask(second), { code: 'ECONNREFUSED' });
  assert.equal(port.listensOn, undefined);
});

test('a caller that says nothing does not keep it from closing', async () => {
  const number = await freePort();
  await port.use(number);
  const silent = get({ host: '127.0.0.1', port: number, path: '/health' });
  silent.on('error', () => {});
  await port.close();
  assert.equal(port.listensOn, undefined);
});

test('a backend that cannot tell how it is answers 503, says nothing of why, and goes on', async () => {
  const number = await freePort();
  await port.use(number);
  answer = () => {
    throw new Error('disk I/O error in /home/somebody');
  };
  for (const _ of [1, 2]) {
    const { status, text } = await ask(number);
    assert.deepEqual([status, text], [503, '{"status":"failing"}\n']);
  }
});
