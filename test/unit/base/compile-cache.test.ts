import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { compileCacheOf } from '../../../server/base/compile-cache.ts';

describe('what is kept of compiled programs', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'agor-compiled-'));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('lies beside a built program, and is not kept of sources', () => {
    assert.deepEqual(compileCacheOf('/data/runtime/1/backend.js'), { NODE_COMPILE_CACHE: '/data/runtime/1/compile-cache' });
    assert.deepEqual(compileCacheOf('/repo/server/backend.ts'), {});
  });

  it('is written once the program runs, and is nothing that its own children are told of', () => {
    copyFileSync(join(import.meta.dirname, '../../../server/base/compile-cache.ts'), join(folder, 'cache.ts'));
    const program = join(folder, 'program.js');
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    writeFileSync(
      program,
      "import { keepCompiled } from './cache.ts';\nkeepCompiled();\nconsole.log(process.env.NODE_COMPILE_CACHE ?? 'none');\n",
    );
    const env = { ...process.env, ...compileCacheOf(program) };
    const { stdout, stderr } = spawnSync(process.execPath, [program], { env, encoding: 'utf8' });
    assert.equal(stdout, 'none\n', stderr);
    assert.ok(readdirSync(join(folder, 'compile-cache'), { recursive: true }).length > 1);
  });
});
