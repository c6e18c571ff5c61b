import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import * as z from 'zod/mini';
import { Health } from '../../server/protocol/health.ts';
import { type AgorHome, agorHome } from '../support/run-agor.ts';

const Refusal = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

let home: AgorHome;
before(async () => {
  home = await agorHome();
  await home.json(['project', 'add', '.']);
  await home.json(['agent', 'add', 'demo', '--provider', 'demo']);
});
after(() => home.close());

describe('what cannot be done', () => {
  const refusals: [name: string, args: string[], code: string, sentence: RegExp][] = [
    ['an unknown agent', ['agent', 'prompt', 'nobody', 'hello'], 'notFound', /no agent "nobody"/],
    ['an unknown project', ['project', 'trust', 'nowhere'], 'notFound', /no project "nowhere"/],
    ['an unknown session', ['session', 'show', 'ffffffff'], 'notFound', /no session "ffffffff"/],
    ['a folder that does not exist', ['project', 'add', './nowhere'], 'notFound', /nowhere/],
    ['a name that is taken', ['agent', 'add', 'demo', '--provider', 'demo'], 'conflict', /demo/],
  ];
  for (const [name, args, code, sentence] of refusals) {
    it(`${name} is refused with 1, and with one sentence`, async () => {
      const person = await home.run(args);
      assert.equal(person.code, 1);
      assert.match(person.stderr, sentence);
      assert.equal(person.stdout, '');
      const program = await home.run([...args, '--json']);
      assert.equal(program.code, 1);
      assert.equal(Refusal.parse(JSON.parse(program.stdout)).error.code, code);
    });
  }

  it('a program that is missing is named when it is needed', async () => {
    const added = await home.run(['agent', 'add', 'ghost', '--provider', 'acp', '--', 'no-such-program', '--json']);
    assert.equal(added.code, 0, added.stderr);
    const { code, stderr } = await home.run(['agent', 'prompt', 'ghost', 'hello', '--wait']);
    assert.equal(code, 1);
    assert.match(stderr, /no-such-program/);
  });

  it('a prompt of 5 MB is refused with 1', async () => {
    const { code, stderr } = await home.run(['agent', 'prompt', 'demo', '-'], { input: 'x'.repeat(5 * 1024 * 1024) });
    assert.equal(code, 1);
    assert.match(stderr, /larger than 1024 KiB/);
  });

  it('an agent outside of all projects is refused with what to do', async () => {
    const { code, stderr } = await home.run(['agent', 'add', 'x', '--provider', 'demo'], { cwd: '/' });
    assert.equal(code, 1);
    assert.match(stderr, /agor project add \./);
  });
});

describe('what is typed wrongly', () => {
  const misuses: [name: string, args: string[], sentence: RegExp][] = [
    ['an unknown command', ['agnt'], /Did you mean agent/],
    ['an unknown option', ['health', '--jsn'], /Did you mean --json/],
    ['a missing option', ['agent', 'add', 'x'], /--provider/],
    ['an unknown provider', ['agent', 'add', 'x', '--provider', 'y'], /demo, claude, codex, acp/],
    ['an acp agent without a program', ['agent', 'add', 'x', '--provider', 'acp'], /after --/],
    ['an empty prompt', ['agent', 'prompt', 'demo', ' '], /empty/],
    ['a command that needs another', ['agent'], /Usage: agor agent/],
  ];
  for (const [name, args, sentence] of misuses) {
    it(`${name} ends with 2`, async () => {
      const { code, stderr } = await home.run(args);
      assert.equal(code, 2);
      assert.match(stderr, sentence);
    });
  }

  it('a data directory that cannot be one ends with 3', async () => {
    const file = join(home.project, 'file');
    await writeFile(file, '');
    const person = await home.run(['health', '--data-dir', file]);
    assert.equal(person.code, 3);
    assert.match(person.stderr, /data directory .*cannot be used/);
    const program = await home.run(['--json', 'health', '--data-dir', 'file']);
    assert.equal(program.code, 3);
    assert.equal(Refusal.parse(JSON.parse(program.stdout)).error.code, 'storage');
  });
});

describe('the backend', () => {
  it('is not started only to be stopped', async () => {
    await home.run(['backend', 'stop']);
    assert.match((await home.run(['backend', 'stop'])).stdout, /No backend runs/);
  });

  it('is started by whatever needs it, and stopped when asked', async () => {
    const { pid } = Health.parse(await home.json(['health']));
    assert.deepEqual(await home.json(['backend', 'stop']), { stopped: true, pid });
    assert.deepEqual(await home.json(['backend', 'stop']), { stopped: false });
  });

  it('takes another log level', async () => {
    assert.deepEqual(await home.json(['log-level', 'debug']), { level: 'debug', previous: 'info' });
    assert.equal((await home.run(['log-level', 'loud'])).code, 2);
  });

  it('is not needed for help and version', async () => {
    await home.run(['backend', 'stop']);
    assert.equal((await home.run(['--help'])).code, 0);
    assert.match((await home.run(['--version'])).stdout, /^agor \d/);
    assert.match((await home.run(['backend', 'stop'])).stdout, /No backend runs/);
  });
});
