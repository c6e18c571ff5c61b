import assert from 'node:assert/strict';
import os from 'node:os';
import { describe, it } from 'node:test';
import { processIdentity } from '../../server/base/process-identity.ts';
import { AgorError, limits } from '../../server/protocol/errors.ts';
import { type Program, type ProgramOptions, startProgram } from '../../server/sidecar/program.ts';
import { fixturePath } from '../support/acp-harness.ts';

type Heard = { lines: string[]; oversize: number[]; firstLine: Promise<string> };

async function start(command: readonly [string, ...string[]], more: Partial<ProgramOptions> = {}): Promise<[Program, Heard]> {
  const first = Promise.withResolvers<string>();
  const heard: Heard = { lines: [], oversize: [], firstLine: first.promise };
  const program = await startProgram({
    command,
    cwd: os.tmpdir(),
    environment: { PATH: process.env.PATH ?? '' },
    onLine: (line) => {
      heard.lines.push(line);
      first.resolve(line);
    },
    onOversize: ({ bytes }) => heard.oversize.push(bytes),
    ...more,
  });
  return [program, heard];
}

const node = process.execPath;
const script = (source: string) => [node, '-e', source] as const;

const isAlive = (pid: number) => processIdentity(pid) !== null;

describe('program', () => {
  it('hears lines, is heard, and ends with the end of its input', async () => {
    const [program, heard] = await start(script('process.stdin.pipe(process.stdout)'));
    await program.writeLine('hello');
    assert.equal(await heard.firstLine, 'hello');
    assert.deepEqual(await program.stop(), { code: 0, signal: null, wasAsked: true });
    assert.ok(!isAlive(program.pid));
  });

  it('has exactly the environment that it is given', async () => {
    const [program, heard] = await start(script('console.log(JSON.stringify(process.env))'), { environment: { ONLY: 'this' } });
    await program.exited;
    assert.deepEqual(JSON.parse(heard.lines[0] ?? ''), { ONLY: 'this' });
  });

  it('tells the last line without a newline before it tells the exit', async () => {
    const [program, heard] = await start(script('process.stdout.write("no newline"); process.exitCode = 7'));
    assert.deepEqual(await program.exited, { code: 7, signal: null });
    assert.deepEqual(heard.lines, ['no newline']);
  });

  it('keeps the end of a long stderr', async () => {
    const [program] = await start(script('process.stderr.write("x".repeat(300000) + "\\nthe reason")'));
    await program.exited;
    assert.equal(Buffer.byteLength(program.stderrTail()), 64 * 1024);
    assert.ok(program.stderrTail().endsWith('the reason'));
  });

  it('drops one endless line and hears the next', async () => {
    const [program, heard] = await start([node, fixturePath('endless-line.mjs'), String(32 * 1024 * 1024)]);
    await program.exited;
    assert.deepEqual(heard.lines, ['after the endless line']);
    assert.equal(heard.oversize.length, 1);
    assert.ok((heard.oversize[0] ?? 0) > limits.agentLineBytes);
  });

  it('stops a program that ignores the end of input and SIGTERM', async () => {
    const [program, heard] = await start([node, fixturePath('ignores-sigterm.mjs')]);
    assert.equal(await heard.firstLine, 'ready');
    assert.deepEqual(await program.stop(50), { code: null, signal: 'SIGKILL', wasAsked: true });
    assert.ok(heard.lines.includes('ignored'), 'SIGTERM was tried first');
  });

  it('terminates without a word on its input, by force when it must', async () => {
    const [polite] = await start(script("process.on('SIGTERM', () => process.exit(5)); setInterval(() => {}, 1e6); console.log('up')"));
    const [stubborn, heard] = await start([node, fixturePath('ignores-sigterm.mjs')]);
    assert.equal(await heard.firstLine, 'ready');
    assert.deepEqual(await stubborn.terminate(50), { code: null, signal: 'SIGKILL', wasAsked: true });
    assert.deepEqual(await polite.terminate(5_000), { code: 5, signal: null, wasAsked: true });
  });

  it('can be stopped twice, and after its end', async () => {
    const [program] = await start(script('process.stdin.resume()'));
    const [first, second] = await Promise.all([program.stop(), program.stop()]);
    assert.deepEqual(first, second);
    assert.deepEqual(await program.stop(), first);
    await program.writeLine('nobody listens');
  });

  it('ends what the program left behind in its group', async () => {
    const [program, heard] = await start([node, fixturePath('leaves-child.mjs')]);
    await program.exited;
    assert.ok(!isAlive(Number(heard.lines[0])));
  });

  it('does not wait for a child that left the group with the pipes open', async () => {
    const [program, heard] = await start([node, fixturePath('leaves-child.mjs'), 'away']);
    await program.exited;
    const child = Number(heard.lines[0]);
    assert.ok(isAlive(child));
    process.kill(child, 'SIGKILL');
  });
});

describe('a program that cannot be started', () => {
  async function failure(command: readonly [string, ...string[]], cwd = os.tmpdir()): Promise<AgorError> {
    const started = start(command, { cwd });
    return started.then(
      () => assert.fail('it started'),
      (error: unknown) => (error instanceof AgorError ? error : assert.fail(String(error))),
    );
  }

  it('is named with its arguments when it is missing', async () => {
    const error = await failure(['no-such-program-here', '--acp']);
    assert.equal(error.code, 'agentFailed');
    assert.match(error.message, /no such program was found\. Tried: no-such-program-here --acp \(in /);
  });

  it('is said to be no program when it is not executable', async () => {
    assert.match((await failure([fixturePath('README.md')])).message, /it is not executable/);
  });

  it('is not blamed when the folder is missing', async () => {
    assert.match((await failure([node, '--version'], '/no/such/folder')).message, /the folder \/no\/such\/folder does not exist/);
  });

  it('is refused as an agent failure when its name is empty or has a null byte', async () => {
    assert.equal((await failure([''])).code, 'agentFailed');
    assert.equal((await failure([node, 'a\0b'])).code, 'agentFailed');
  });
});
