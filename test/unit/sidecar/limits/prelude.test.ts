import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { type Prelude, withPrelude } from '../../../../server/sidecar/limits/prelude.ts';

const folder = mkdtempSync(join(tmpdir(), "agor-prelude-it's-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const nothing: Prelude = { joinFiles: [], openFiles: 4_096, userProcesses: null, oomScore: null, scope: [] };

function run(prelude: Partial<Prelude>, ...command: [string, ...string[]]): string {
  const [file, ...args] = withPrelude({ ...nothing, ...prelude }, command);
  return execFileSync(file, args, { encoding: 'utf8', env: { ONLY: 'this', PATH: process.env.PATH } });
}

describe('the lines before a program', () => {
  it('hand on every argument as it is, and become the program', () => {
    const odd = ['', ' ', '$HOME', '`id`', "it's", '"', '\n', '*', '-n', '--'];
    const script = 'console.log(JSON.stringify([process.pid, ...process.argv.slice(1)]))';
    const [file, ...args] = withPrelude(nothing, [process.execPath, '-e', script, '--', ...odd]);
    const { pid, stdout } = spawnSync(file, args, { encoding: 'utf8' });
    assert.deepEqual(JSON.parse(stdout), [pid, ...odd]);
  });

  it('bound the open files for good, and write no core files', () => {
    const limitsOf = (prelude: Partial<Prelude>) => run(prelude, '/bin/sh', '-c', 'ulimit -Sn; ulimit -Hn; ulimit -c').trim().split('\n');
    assert.deepEqual(limitsOf({ openFiles: 123 }), ['123', '123', '0']);
  });

  it('leave a bound that is lower already', () => {
    const [file, ...args] = withPrelude(nothing, ['/bin/sh', '-c', 'ulimit -n']);
    const command = ['ulimit -n 99; exec "$@"', 'sh', file, ...args];
    assert.equal(execFileSync('/bin/sh', ['-c', ...command], { encoding: 'utf8' }), '99\n');
  });

  it('bound the processes of the user in whichever shell', () => {
    const script = 'ulimit -u 2>/dev/null || ulimit -p';
    assert.equal(run({ userProcesses: 4_321 }, '/bin/sh', '-c', script), '4321\n');
  });

  it('write the program’s number into each file, and start nothing when one cannot be written', () => {
    const files = [join(folder, 'a'), join(folder, 'b')];
    const pid = run({ joinFiles: files }, process.execPath, '-e', 'console.log(process.pid)');
    for (const file of files) assert.equal(readFileSync(file, 'utf8'), pid);
    const [file, ...args] = withPrelude({ ...nothing, joinFiles: [join(folder, 'no/such')] }, ['/bin/echo', 'started']);
    const { status, stdout } = spawnSync(file, args, { encoding: 'utf8' });
    assert.deepEqual([status, stdout], [125, '']);
  });

  it('make the kernel end the program before others, where there is such a score', () => {
    const script = 'cat /proc/self/oom_score_adj 2>/dev/null || echo 777';
    assert.equal(run({ oomScore: 777 }, '/bin/sh', '-c', script), '777\n');
  });

  it('follow what makes a control group', () => {
    assert.deepEqual(withPrelude({ ...nothing, scope: ['scope', '-p'] }, ['program']).slice(0, 3), ['scope', '-p', '/bin/sh']);
  });
});
