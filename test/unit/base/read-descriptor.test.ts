import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { closeSync, fstatSync, mkdtempSync, openSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { readDescriptor } from '../../../server/base/read-descriptor.ts';

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'agor-fd-'));
  t.after(() => rmSync(path, { recursive: true }));
  return path;
}

test('all of it is read, and it is closed', async (t) => {
  const path = join(folder(t), 'given');
  const text = `${'ä'.repeat(100_000)}\n`;
  writeFileSync(path, text);
  const fd = openSync(path, 'r');
  assert.equal(await readDescriptor(fd), text);
  assert.throws(() => fstatSync(fd), { code: 'EBADF' });
});

test('one that is not open, cannot be read or holds too much is refused by its number', async (t) => {
  await assert.rejects(readDescriptor(9_999), { code: 'badRequest', message: /9999 cannot be read/ });
  const directory = openSync(folder(t), 'r');
  await assert.rejects(readDescriptor(directory), { code: 'badRequest', message: /cannot be read/ });
  const path = join(folder(t), 'huge');
  writeFileSync(path, Buffer.alloc(1024 * 1024 + 1, 'x'));
  await assert.rejects(readDescriptor(openSync(path, 'r')), { code: 'badRequest', message: /more than 1048576 bytes/ });
});

test('a pipe whose other end stays open is given up, however it says that it has nothing', async (t) => {
  const pipe = join(folder(t), 'pipe');
  execFileSync('mkfifo', [pipe]);
  // Opened for both, so that opening does not wait; afterwards only the other process can write.
  const both = openSync(pipe, 'r+');
  const holder = spawn('sh', ['-c', 'echo half of it; exec sleep 60'], { stdio: ['ignore', both, 'ignore'] });
  closeSync(both);
  t.after(() => holder.kill());
  const fd = openSync(pipe, 'r');
  await assert.rejects(readDescriptor(fd, 20), { code: 'badRequest', message: /did not come to its end/ });
});

test('a pipe that a shell opened is read, though the shell left it open under another number as well', () => {
  const script = `import('${import.meta.resolve('../../../server/base/read-descriptor.ts')}').then(({ readDescriptor }) => readDescriptor(3)).then(console.log)`;
  const command = `exec 4< <(sleep 0.1; echo given) 3<&4; exec "$0" -e "$1"`;
  assert.equal(execFileSync('bash', ['-c', command, process.execPath, script], { encoding: 'utf8' }), 'given\n\n');
});

test('those that Node has for itself give nothing, and are left alone', async () => {
  const opened = () => readdirSync('/dev/fd').length;
  const before = opened();
  for (let fd = 3; fd < 23; fd += 1) assert.equal(await readDescriptor(fd, 20).catch(({ code }) => code && ''), '');
  assert.equal(opened(), before);
});
