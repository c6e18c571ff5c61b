import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { RunRecord } from '../../../server/protocol/run-record.ts';
import { Gate } from '../../../server/sidecar/gate.ts';
import { startProgram } from '../../../server/sidecar/program.ts';
import { Programs } from '../../../server/sidecar/programs.ts';

const folder = mkdtempSync(join(tmpdir(), 'agor-programs-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function setUp() {
  const gate = new Gate({ events: 10, bytes: 10 });
  const recorded: RunRecord['program'][] = [];
  const programs = new Programs({ startProgram, flow: gate, onChanged: (program) => recorded.push(program) }, { programUmask: 0o027 });
  const lines: string[] = [];
  const run = (script: string) =>
    programs.start({
      command: [process.execPath, '-e', script],
      cwd: folder,
      environment: { PATH: process.env.PATH ?? '' },
      onLine: (line) => lines.push(line),
      onOversize: () => {},
    });
  return { gate, recorded, programs, lines, run };
}

test('the record names the program while it runs, and its process group', async () => {
  const { recorded, run } = setUp();
  const program = await run('setInterval(() => {}, 1000)');
  assert.equal(recorded[0]?.pid, program.pid);
  assert.equal(recorded[0]?.pgid, program.pid);
  await program.stop(10);
  assert.deepEqual(recorded.slice(1), [null]);
});

test('what the program makes has the person’s mode, and the sidecar keeps its own', async () => {
  const { run } = setUp();
  const before = process.umask(0o077);
  try {
    const program = await run("require('node:fs').writeFileSync('made', '')");
    await program.exited;
    assert.equal(statSync(join(folder, 'made')).mode & 0o777, 0o640);
    assert.equal(process.umask(), 0o077);
  } finally {
    process.umask(before);
  }
});

test('a program is not read while it is held back, and nothing of it is lost', async () => {
  const { gate, lines, run } = setUp();
  gate.follow({ pendingCount: 1, bytes: 100, isStalled: false });
  const program = await run("process.stdout.write('one\\n'); process.stdin.on('data', () => { console.log('two'); process.exit(); })");
  await program.writeLine('go');
  assert.deepEqual(lines, []);
  gate.follow({ pendingCount: 0, bytes: 0, isStalled: false });
  await program.exited;
  assert.deepEqual(lines, ['one', 'two']);
});

test('stopping all leaves none, and none is started afterwards', async () => {
  const { programs, recorded, run } = setUp();
  await Promise.all([run('process.stdin.resume()'), run('process.stdin.resume()')]);
  await programs.stopAll();
  assert.equal(recorded.at(-1), null);
  await assert.rejects(run(''), /being stopped/);
});
