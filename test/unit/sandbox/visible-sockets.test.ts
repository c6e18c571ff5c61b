import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { visibleSockets } from '../../../server/sandbox/visible-sockets.ts';

test('sockets in folders that are given are found, but for the agent’s own', { skip: process.platform !== 'linux' }, async (t) => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'agor-seen-')));
  const own = join(root, 'own');
  mkdirSync(own);
  const [foreign, mine] = await Promise.all([listen(join(root, 'a socket')), listen(join(own, 'socket'))]);
  t.after(() => {
    foreign.close();
    mine.close();
    rmSync(root, { recursive: true });
  });
  assert.deepEqual(visibleSockets([root], [own]), [join(root, 'a socket')]);
  assert.deepEqual(visibleSockets([own], []), [join(own, 'socket')]);
  assert.deepEqual(visibleSockets(['/usr'], []), []);
});

async function listen(path: string) {
  const server = createServer().listen(path);
  await new Promise((resolve) => server.once('listening', resolve));
  return server;
}
