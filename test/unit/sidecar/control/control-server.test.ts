import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, test } from 'node:test';
import { ControlServer } from '../../../../server/sidecar/control/control-server.ts';
import { mostBodyBytes } from '../../../../server/sidecar/control/request-body.ts';
import { Refused } from '../../../../server/sidecar/control/request-check.ts';
import type { Routes } from '../../../../server/sidecar/control/routes.ts';
import { askControl, MonitorReader, type Place } from '../../../support/control-client.ts';

const token = 'of-the-run';
const both = ['agent', 'person'] as const;

let root: string;
let server: ControlServer;
let place: { socketPath: string };
let person: { socketPath: string };
let port: number;
let told: unknown[];
let logged: Record<string, unknown>[];

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'agor-control-'));
  [told, logged] = [[], []];
  const routes: Routes = {
    '/told': {
      POST: {
        who: both,
        answer: (body) => {
          told.push(body);
          return { ok: true };
        },
      },
    },
    '/lenient': { POST: { who: both, takesAnything: true, answer: (body) => body } },
    '/broken': {
      GET: {
        who: both,
        answer: () => {
          throw new Error('no business of the caller');
        },
      },
    },
    '/text/': { GET: { who: both, answer: (_, name) => `as it is: ${name}` } },
  };
  server = new ControlServer({
    routes,
    openMonitor: async () => {
      throw new Refused(503, 'enough readers');
    },
    log: (message, fields) => void logged.push({ message, ...fields }),
  });
  place = { socketPath: join(root, 'agent', 's') };
  person = { socketPath: join(root, 'person', 's') };
  await server.listen(place.socketPath, { authority: 'agent', token });
  await server.listen(person.socketPath, { authority: 'person', token: 'of-the-person' });
  port = await server.listenOnLoopback({ authority: 'agent', token });
});
afterEach(async () => {
  await server.close();
  rmSync(root, { recursive: true, force: true });
});

test('what a route answers comes as JSON, a string as it is, and nothing of it is kept on the way', async () => {
  const json = await askControl(place, { method: 'POST', path: '/told', token, body: { a: 1 } });
  assert.deepEqual([json.status, json.json, told], [200, { ok: true }, [{ a: 1 }]]);
  assert.equal(json.headers['content-type'], 'application/json; charset=utf-8');
  assert.equal(json.headers['cache-control'], 'no-store');
  const plain = await askControl({ port }, { path: '/text/x?y=z', token });
  assert.deepEqual([plain.status, plain.text, plain.headers['content-type']], [200, 'as it is: x', 'text/plain; charset=utf-8']);
});

for (const [name, wish, status] of [
  ['no token', { token: undefined }, 401],
  ['a token that is wrong', { token: 'x' }, 401],
  ['the token of the other door', { token: 'of-the-person' }, 401],
  ['a form, as a page can send it', { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'a=1' }, 415],
  ['text, as a page can send it', { headers: { 'content-type': 'text/plain' }, body: '{}' }, 415],
  ['JSON by another name', { headers: { 'content-type': 'application/jsonp' }, body: '{}' }, 415],
  ['no body', { body: undefined }, 415],
  ['half of JSON', { body: '{"a":' }, 400],
  ['a list', { body: '[]' }, 400],
  ['nothing', { body: 'null' }, 400],
  ['what is nested too deep to be passed on', { body: `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}` }, 400],
  ['too much', { body: `{"a":"${'x'.repeat(mostBodyBytes)}"}` }, 413],
  ['much too much', { body: 'x'.repeat(5 * 1024 * 1024) }, 413],
] as const) {
  test(`${name} is refused with ${status}, and the refusal is noted without the body`, async () => {
    const reply = await askControl(place, { method: 'POST', path: '/told', token, body: {}, ...wish });
    assert.equal(reply.status, status);
    assert.match(JSON.stringify(reply.json), /^\{"error":".+"\}$/);
    assert.deepEqual(told, []);
    assert.deepEqual(
      logged.map(({ method, path, status: noted }) => [method, path, noted]),
      [['POST', '/told', status]],
    );
  });
}

test('a route that takes anything is not failed by a body', async () => {
  for (const body of ['{"a":', '[]', 'x'.repeat(2 * mostBodyBytes)]) {
    const reply = await askControl(place, { method: 'POST', path: '/lenient', token, body });
    assert.deepEqual([reply.status, reply.json], [200, {}]);
  }
  const unsaid = await askControl(place, { method: 'POST', path: '/lenient', token, headers: { 'content-type': 'text/plain' } });
  assert.equal(unsaid.status, 200);
  assert.equal((await askControl(place, { method: 'POST', path: '/lenient', body: {} })).status, 401);
});

test('what goes wrong here is logged and not told', async () => {
  const reply = await askControl(place, { path: '/broken', token });
  assert.equal(reply.status, 500);
  assert.doesNotMatch(reply.text, /business/);
  assert.match(String(logged[0]?.err), /no business of the caller/);
});

test('the live stream wants an upgrade, is the person’s, and is nowhere else', async () => {
  const plain = await askControl(person, { path: '/monitor', token: 'of-the-person' });
  assert.deepEqual([plain.status, plain.json], [400, { error: '/monitor is a WebSocket: ask for an upgrade.' }]);
  assert.equal(await new MonitorReader(place.socketPath, token).refused(), 403);
  assert.equal(await new MonitorReader(person.socketPath, token).refused(), 401);
  assert.equal(await new MonitorReader(person.socketPath, 'of-the-person', '/told').refused(), 400);
  assert.equal(await new MonitorReader(person.socketPath, 'of-the-person').refused(), 503);
});

test('of what a page in a browser can send to the port, nothing is done', async () => {
  const own = `127.0.0.1:${port}`;
  const attempts = [
    { headers: { origin: 'https://evil.example' } },
    { headers: { origin: `http://${own}` } },
    { headers: { origin: 'null' } },
    { headers: { 'sec-fetch-site': 'cross-site' } },
    { headers: { host: `evil.example:${port}` } },
    { headers: { host: `localhost:${port}` } },
    { headers: { host: 'evil.example', origin: 'http://evil.example' }, token: undefined },
    { token: undefined, headers: { 'content-type': 'text/plain' } },
    { token: undefined, method: 'OPTIONS', headers: { 'access-control-request-method': 'POST' } },
    { method: 'OPTIONS', headers: { origin: 'https://evil.example', 'access-control-request-private-network': 'true' } },
  ];
  for (const attempt of attempts) {
    const reply = await askControl({ port }, { method: 'POST', path: '/told', token, body: { a: 1 }, ...attempt });
    assert.ok([401, 403, 405].includes(reply.status), `${JSON.stringify(attempt)} got ${reply.status}`);
    assert.equal(reply.headers['access-control-allow-origin'], undefined);
  }
  assert.deepEqual(told, []);
  assert.equal((await askControl({ port }, { method: 'POST', path: '/told', token, body: { a: 1 } })).status, 200);
});

for (const [name, bytes] of [
  ['no HTTP', 'hello\r\n\r\n'],
  ['two lengths', `POST /told HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}`],
  [
    'a length and chunks',
    `POST /told HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  ],
  ['no host', `POST /told HTTP/1.1\r\nAuthorization: Bearer ${token}\r\nContent-Length: 2\r\n\r\n{}`],
  ['headers without end', `GET /text/x HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`],
] as const) {
  test(`${name} is answered with a refusal and the end of the connection`, async () => {
    const socket = connect(place.socketPath);
    socket.on('error', () => {});
    socket.write(bytes);
    assert.match(await text(socket).catch(() => 'HTTP/1.1 4'), /^HTTP\/1\.1 4/);
    assert.deepEqual(told, []);
  });
}

test('closing cuts who is still connected, and the sockets are gone', async () => {
  const idle = connect((place satisfies Place).socketPath);
  await once(idle, 'connect');
  const cut = once(idle, 'close');
  idle.on('error', () => {});
  idle.resume();
  await server.close();
  await cut;
  await assert.rejects(askControl(place, { path: '/text/x', token }));
  await assert.rejects(askControl({ port }, { path: '/text/x', token }));
});
