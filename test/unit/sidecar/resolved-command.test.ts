/** Which file a command is, and what happens when that changes while a person is asked. */
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import type { AgentEvent } from '../../../server/protocol/agent-event.ts';
import type { AgentAdapter } from '../../../server/sidecar/adapter.ts';
import { ResolvedCommands, resolvedCommand } from '../../../server/sidecar/resolved-command.ts';
import { ids, permissionRequest, turnEnded } from '../../support/transcripts.ts';

let dir: string;
beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'agor-resolved-')));
  for (const folder of ['one', 'two', 'shop/sub']) mkdirSync(join(dir, folder), { recursive: true });
});
afterEach(() => rmSync(dir, { recursive: true }));

function program(...at: string[]): string {
  const path = join(dir, ...at);
  writeFileSync(path, '');
  chmodSync(path, 0o755);
  return path;
}
const found = (command: string | null, cwd: string | null = null, path = [join(dir, 'one'), join(dir, 'two')]) =>
  resolvedCommand({ command, cwd }, { folder: join(dir, 'shop'), path: path.join(delimiter) });

test('the first of its name on the PATH that can be run, with links followed', () => {
  const second = program('two', 'tool');
  writeFileSync(join(dir, 'one/tool'), 'not to be run');
  mkdirSync(join(dir, 'one/other'));
  assert.equal(found('tool a b'), second);
  rmSync(join(dir, 'one/tool'));
  symlinkSync(program('shop', 'evil'), join(dir, 'one/tool'));
  assert.equal(found('tool a b'), join(dir, 'shop/evil'));
  assert.equal(found('other'), null, 'a folder is no program');
});

test('one that is named with its folder counts from the folder of the command, and else from that of the agent', () => {
  const own = program('shop', 'run');
  const below = program('shop/sub', 'run');
  assert.deepEqual([found('./run'), found('./run', join(dir, 'shop/sub')), found('./run', 'sub')], [own, below, below]);
  assert.deepEqual([found('run'), found('run', null, ['.']), found('run', 'sub', [''])], [null, own, below]);
});

test('nothing is said of what a shell decides, of what is not there, and of no command', () => {
  program('one', 'tool');
  for (const command of ['tool; rm x', 'tool $(x)', 'X=1 tool', 'echo a', 'missing', null])
    assert.equal(found(command), null, String(command));
});

test('a yes is not used for another file, and a no always is', () => {
  const told: unknown[][] = [];
  const heard: AgentEvent[] = [];
  program('one', 'tool');
  const commands = new ResolvedCommands({ folder: dir, path: join(dir, 'one') }, (event) => heard.push(event));
  const nothing = async () => assert.fail('not called');
  const answer: AgentAdapter['answer'] = (...answered) => told.push(answered) > 0;
  const adapter = commands.adapter({ open: nothing, prompt: nothing, interrupt: nothing, stop: nothing, answer });
  const ask = () => {
    const approvalId = ids.approval();
    commands.emit({
      type: 'permissionAsked',
      approvalId,
      toolItemId: null,
      request: { ...permissionRequest, command: 'tool', cwd: null, resolved: 'a lie' },
    });
    return approvalId;
  };
  const [first, second, third] = [ask(), ask(), ask()];
  const [asked] = heard;
  assert.equal(asked?.type === 'permissionAsked' && asked.request.resolved, join(dir, 'one/tool'));
  assert.equal(adapter.answer(first, 'allowOnce', null), true);
  rmSync(join(dir, 'one/tool'));
  symlinkSync('/bin/rm', join(dir, 'one/tool'));
  assert.equal(adapter.answer(second, 'allowSession', null), false);
  assert.equal(adapter.answer(third, 'deny', 'no'), true);
  assert.deepEqual(
    told.map(([, decision]) => decision),
    ['allowOnce', 'deny', 'deny'],
  );
  assert.match(heard.at(-1)?.type === 'notice' ? JSON.stringify(heard.at(-1)) : '', /another file than when you were asked/);
  commands.emit(turnEnded(ids.turn()));
});
