import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { takeOwnerLock } from '../../../server/base/owner-lock.ts';

const folder = mkdtempSync(join(tmpdir(), 'agor-lock-'));
const path = join(folder, 'owner.lock');
after(() => rmSync(folder, { recursive: true, force: true }));

const source = `
  import { takeOwnerLock } from ${JSON.stringify(join(import.meta.dirname, '../../../server/base/owner-lock.ts'))};
  const lock = takeOwnerLock(process.argv[1], undefined);
  console.log(lock ? 'mine' : 'taken');
  if (lock) setInterval(() => {}, 60_000);
`;

/** Another process that tries. */
async function rival() {
  const child = spawn(process.execPath, ['--input-type=module', '-e', source, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = await once(child.stdout, 'data');
  return { child, said: String(said).trim() };
}

test('one process has it until it lets go or is killed, and the next one gets it then', async () => {
  const lock = takeOwnerLock(path, undefined);
  assert.ok(lock);
  assert.equal((await rival()).said, 'taken');
  lock.release();
  const { child, said } = await rival();
  assert.equal(said, 'mine');
  assert.equal(takeOwnerLock(path, undefined), undefined);
  child.kill('SIGKILL');
  await once(child, 'exit');
  const again = takeOwnerLock(path, undefined);
  assert.ok(again);
  again.release();
});
