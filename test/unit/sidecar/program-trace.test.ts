import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { levelNumbers } from '../../../server/protocol/log-record.ts';
import type { Program, ProgramExit, ProgramOptions } from '../../../server/sidecar/program.ts';
import { ProgramTrace } from '../../../server/sidecar/program-trace.ts';
import { ControlWorld } from '../../support/control-world.ts';

const place = { offset: 0, bytes: 1 };

let world: ControlWorld;
beforeEach(() => {
  world = new ControlWorld();
});
afterEach(() => world.remove());

/** A program that says what a test gives it. */
async function started(trace: ProgramTrace, stderr = '') {
  const heard: string[] = [];
  const exit = Promise.withResolvers<ProgramExit>();
  let given: ProgramOptions | undefined;
  // Nothing else of a program is looked at.
  const program = { exited: exit.promise, stderrTail: () => stderr } as Program;
  const start = trace.around(async (options) => {
    given = options;
    return program;
  });
  await start({ command: ['x'], cwd: '/', environment: {}, onLine: (line) => void heard.push(line), onOversize: () => {} });
  const say = (line: string) => given?.onLine(line, place);
  const end = async (how: ProgramExit) => {
    exit.resolve(how);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { heard, say, end };
}

function said() {
  return world.logged().filter(({ component }) => component === 'program');
}

test('what the program says reaches who listens, and the log only at its finest level', async () => {
  const { heard, say } = await started(new ProgramTrace(world.logs));
  say('unseen');
  world.logs.changeLevel('trace');
  say('seen');
  assert.deepEqual(heard, ['unseen', 'seen']);
  assert.deepEqual(
    said().map(({ level, msg }) => [level, msg]),
    [[levelNumbers.trace, 'seen']],
  );
});

test('over the bound of a run the rest is left out, which is said once, and programs started later count as well', async () => {
  world.logs.changeLevel('trace');
  const trace = new ProgramTrace(world.logs, { mostBytes: 10 });
  const first = await started(trace);
  first.say('12345678');
  const second = await started(trace);
  for (const line of ['abcdef', 'ghi', 'jkl']) second.say(line);
  assert.deepEqual(
    said().map(({ msg }) => msg),
    ['12345678', 'The program said too much: the rest of this run is left out.'],
  );
  assert.deepEqual(second.heard, ['abcdef', 'ghi', 'jkl']);
});

for (const [name, exit, level] of [
  ['failed', { code: 3, signal: null }, 'error'],
  ['ended in order', { code: 0, signal: null }, 'debug'],
  ['was ended', { code: null, signal: 'SIGTERM' }, 'debug'],
] as const) {
  test(`the last words of a program that ${name} are told at ${level}`, async () => {
    world.logs.changeLevel('debug');
    const { end } = await started(new ProgramTrace(world.logs), 'last words\n');
    await end(exit);
    assert.deepEqual(
      said().map(({ level, msg, exit }) => [level, msg, exit]),
      [[levelNumbers[level], 'last words', exit]],
    );
  });
}
