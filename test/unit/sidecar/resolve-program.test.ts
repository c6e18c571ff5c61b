import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { AgorError } from '../../../server/protocol/errors.ts';
import { isNodeProgram, withHeapBound } from '../../../server/sidecar/node-heap.ts';
import { becauseOfFailure } from '../../../server/sidecar/program-end-reason.ts';
import { onWindows, resolveProgram } from '../../../server/sidecar/resolve-program.ts';

const folder = mkdtempSync(join(tmpdir(), 'agor-resolve-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const [first, second] = [join(folder, 'first'), join(folder, 'second')];
for (const dir of [first, second]) mkdirSync(join(dir, 'tool-folder'), { recursive: true });
writeFileSync(join(first, 'plain'), '');
writeFileSync(join(second, 'plain'), '', { mode: 0o755 });
writeFileSync(join(second, 'tool'), '#!/usr/bin/env node\n', { mode: 0o755 });
writeFileSync(join(second, 'text'), '', { mode: 0o644 });

const environment = { PATH: `relative::${first}:${second}:/no/such` };
const resolved = (file: string, cwd = folder) => resolveProgram({ command: [file, '--flag', ''], cwd, environment });

function refusal(file: string, cwd = folder): AgorError {
  try {
    resolved(file, cwd);
  } catch (error) {
    if (error instanceof AgorError) return error;
  }
  return assert.fail('it was not refused');
}

describe('the program of a command', () => {
  it('is found on the PATH of the agent, past what cannot be run, with its arguments as they are', () => {
    assert.deepEqual(resolved('tool'), [join(second, 'tool'), '--flag', '']);
    assert.equal(resolved('plain')[0], join(second, 'plain'));
  });

  it('is resolved against the project when it has a slash', () => {
    assert.equal(resolved('second/tool')[0], join(second, 'tool'));
    assert.equal(resolved(join(second, 'tool'))[0], join(second, 'tool'));
  });

  it('is refused by its name when it is not there, not to be run, or no name at all', () => {
    assert.match(refusal('missing').message, /no such program was found\. Tried: missing --flag/);
    assert.match(refusal('text').message, /it is not executable/);
    assert.match(refusal('tool-folder').message, /it is not executable/);
    for (const file of ['', 'a\0b', './']) assert.equal(refusal(file).code, 'agentFailed', JSON.stringify(file));
    assert.equal(becauseOfFailure(refusal('missing')), 'wrongProgram');
  });

  it('is not blamed when the folder is missing', () => {
    assert.match(refusal(join(second, 'tool'), '/no/such/folder').message, /the folder \/no\/such\/folder does not exist/);
  });
});

describe('the heap of a program', () => {
  it('is bounded when it runs on Node, and left alone otherwise', () => {
    const rows: [string, string, boolean][] = [
      ['/usr/bin/node', '', true],
      ['/usr/bin/nodejs', '', true],
      ['C:\\node.exe', '', false],
      ['/opt/agent', '#!/usr/bin/env node', true],
      ['/opt/agent', '#!/usr/bin/env -S node --no-warnings', true],
      ['/opt/agent', '#!/opt/node/bin/node', true],
      ['/opt/agent', '#!/bin/sh', false],
      ['/opt/node-agent', '\x7fELF', false],
      ['/opt/agent', 'console.log("#!/usr/bin/env node")', false],
    ];
    for (const [program, firstLine, expected] of rows) assert.equal(isNodeProgram(program, firstLine), expected, `${program} ${firstLine}`);
  });

  it('is told in NODE_OPTIONS, behind what is there', () => {
    assert.deepEqual(withHeapBound({ A: '1' }, join(second, 'tool'), 512), { A: '1', NODE_OPTIONS: '--max-old-space-size=512' });
    assert.equal(withHeapBound({ NODE_OPTIONS: '--x' }, '/usr/bin/node', 64).NODE_OPTIONS, '--x --max-old-space-size=64');
    assert.deepEqual(withHeapBound({ A: '1' }, join(second, 'plain'), 512), { A: '1' });
    assert.deepEqual(withHeapBound({ A: '1' }, '/no/such', 512), { A: '1' });
    assert.equal(withHeapBound({ ELECTRON_RUN_AS_NODE: '1' }, '/opt/code', 64).NODE_OPTIONS, '--max-old-space-size=64');
  });
});

describe('the program of a command on Windows', () => {
  it('is left to the system to find, with its arguments as they are', () => {
    const command = ['claude.exe', '--flag', '%PATH%'] as const;
    assert.equal(onWindows({ command, cwd: folder }), command);
  });

  it('is refused when it is a batch file, however that is written, with what to do', () => {
    for (const file of ['claude.cmd', 'C:\\tools\\Claude.CMD', 'run.bat', 'run.bat ', 'run.cmd.'])
      assert.throws(() => onWindows({ command: [file, 'a & calc'], cwd: folder }), {
        code: 'agentFailed',
        message: /it is a batch file, which only a shell runs\. Name the program that it starts instead/,
      });
  });
});
