import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { removeSidecarSockets, sidecarSockets } from '../../../server/base/sidecar-sockets.ts';

/** The shortest there is: what is tested is how long a path may be. */
const shortRoot = '/tmp';

let dataDir: string;
const servers: Server[] = [];
beforeEach(() => {
  dataDir = mkdtempSync(join(shortRoot, 'agor-s-'));
});
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  rmSync(dataDir, { recursive: true, force: true });
});

function folders(name: string) {
  const home = join(dataDir, name);
  return { dataDir, agentDir: join(home, 'agent'), privateDir: join(home, 'private') };
}

test('the agent’s socket has a folder to itself, and neither folder is seen from the other', () => {
  const short = folders('1');
  assert.deepEqual(sidecarSockets(short), {
    agent: join(short.agentDir, 'door', 'control.sock'),
    person: join(short.privateDir, 'tools.sock'),
  });
  const long = sidecarSockets(folders('x'.repeat(100)));
  assert.match(long.agent, /\/agor-[0-9a-f]{16}\/control\.sock$/);
  assert.match(long.person, /\/agor-[0-9a-f]{16}\/tools\.sock$/);
  assert.notEqual(join(long.agent, '..'), join(long.person, '..'));
});

for (const [name, home] of [
  ['in the data directory', '1'],
  ['in short folders', 'x'.repeat(100)],
] as const) {
  test(`sockets that were left ${name} are removed, with the folders that were made for them`, async () => {
    const { agent, person } = sidecarSockets(folders(home));
    for (const path of [agent, person]) {
      mkdirSync(join(path, '..'), { recursive: true });
      const server = createServer();
      servers.push(server);
      await new Promise<void>((resolve) => server.listen(path, resolve));
    }
    removeSidecarSockets(folders(home));
    for (const path of [agent, person]) assert.equal(existsSync(path), false);
    assert.equal(existsSync(join(agent, '..')), home === '1');
    removeSidecarSockets(folders(home));
  });
}

test('what is no socket is left alone', () => {
  const own = folders('1');
  mkdirSync(join(own.agentDir, 'door'), { recursive: true });
  writeFileSync(sidecarSockets(own).agent, 'precious');
  removeSidecarSockets(own);
  assert.ok(existsSync(sidecarSockets(own).agent));
});
