/** How the program is started, and how a start that failed reads. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  commandLine,
  exitDetail,
  failedProgram,
  launchProblem,
  otherChoice,
  silentProgram,
} from '../../../../../server/sidecar/adapters/claude/launch.ts';

const fresh = { kind: 'new', sessionId: 'id-1' } as const;
const resumed = { kind: 'resume', sessionId: 'id-1' } as const;
const plain = { model: null, keyHelper: null, tools: null };

test('without a command of its own the program is looked up by its name', () => {
  assert.equal(commandLine([], fresh, plain)[0], 'claude');
  assert.deepEqual(commandLine(['/opt/claude', '--debug'], fresh, plain).slice(0, 3), ['/opt/claude', '--debug', '-p']);
});

test('a new session is named, an old one resumed, a model passed on', () => {
  const line = commandLine([], fresh, plain).join(' ');
  assert.match(line, /--session-id id-1/);
  assert.doesNotMatch(line, /--resume|--model/);
  assert.match(commandLine([], resumed, { ...plain, model: 'opus' }).join(' '), /--resume id-1 --model opus/);
});

test('the settings of the repository are not loaded and every permission is asked', () => {
  assert.match(commandLine([], fresh, plain).join(' '), /--permission-prompt-tool stdio --permission-mode manual --setting-sources user/);
});

test('a key helper is named in settings of its own, and only where there is one', () => {
  const line = commandLine([], fresh, { ...plain, keyHelper: "'/a b/node' '/h.js' KEY" });
  assert.deepEqual(line.slice(-2), ['--settings', JSON.stringify({ apiKeyHelper: "'/a b/node' '/h.js' KEY" })]);
  assert.equal(commandLine([], fresh, plain).includes('--settings'), false);
});

test('what its words say about a start that failed', () => {
  assert.equal(launchProblem('Error: Session ID id-1 is already in use.\n'), 'sessionInUse');
  assert.equal(launchProblem('No conversation found with session ID: id-1\n'), 'sessionUnknown');
  assert.equal(launchProblem('error: unknown option'), null);
});

test('a session in use is resumed, an unknown one begins anew, everything else fails', () => {
  assert.deepEqual(otherChoice(fresh, 'sessionInUse', 'id-2'), resumed);
  assert.deepEqual(otherChoice(resumed, 'sessionUnknown', 'id-2'), { kind: 'new', sessionId: 'id-2' });
  assert.equal(otherChoice(fresh, 'sessionUnknown', 'id-2'), null);
  assert.equal(otherChoice(resumed, 'sessionInUse', 'id-2'), null);
  assert.equal(otherChoice(fresh, null, 'id-2'), null);
});

test('an exit is told by its code or signal and the last words', () => {
  assert.equal(exitDetail({ code: null, signal: 'SIGKILL' }, false, ''), 'Claude Code ended with signal SIGKILL.');
  assert.equal(exitDetail({ code: 3, signal: null }, false, 'one\n\ntwo\n'), 'Claude Code ended with exit code 3. one\ntwo');
});

test('exit code 1 after a failed turn is called what it is', () => {
  assert.equal(exitDetail({ code: 1, signal: null }, true, ''), 'Claude Code ended after a failed turn.');
});

test('a failed start names the command without our own arguments', () => {
  const { message } = failedProgram(['/opt/claude', '--debug'], { code: 1, signal: null }, 'no such option');
  assert.match(message, /exit code 1.*Tried: \/opt\/claude --debug\. no such option/);
  assert.match(silentProgram([], 30_000, '').message, /within 30 s.*Tried: claude.*npm install -g/);
});
