import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  fenceNotice,
  hookFailedNotice,
  type Notice,
  programEndedNotice,
  protectedNotice,
  protocolErrorNotice,
  sidecarCrashNotice,
} from '../../../server/agents/event-notice.ts';
import { noCrashes } from '../../../server/agents/restart-policy.ts';
import type { SandboxState } from '../../../server/protocol/sandbox.ts';

const ended = { type: 'programEnded', detail: "The agent's program ended (exit code 1)", recentExits: 3, delayMs: null } as const;
const error = { type: 'protocolError', offset: 10, bytes: 5_242_880, count: 1, detail: '' } as const;
const hooks = { path: '.git/hooks/pre-commit', change: 'added', restored: true } as const;
const editor = { path: '.vscode/tasks.json', change: 'changed', restored: false } as const;

const rows: readonly [name: string, notice: Notice, level: string, text: RegExp][] = [
  [
    'a program that comes back',
    programEndedNotice({ ...ended, decision: 'restart', delayMs: 500 }),
    'warning',
    /^The agent's program ended \(exit code 1\)\. It is started again in 1 s/,
  ],
  ['a program that waits for a prompt', programEndedNotice({ ...ended, decision: 'offline' }), 'warning', /The next prompt starts it/],
  ['a program that is given up', programEndedNotice({ ...ended, decision: 'giveUp' }), 'error', /3 times lately.*Restart the agent/],
  [
    'a sidecar that comes back',
    sidecarCrashNotice({ action: 'restart', attempt: 2, delayMs: 2_000, history: noCrashes }, 'it was ended by SIGKILL'),
    'warning',
    /^Its sidecar crashed: it was ended by SIGKILL\. It is started again in 2 s/,
  ],
  [
    'a sidecar that crashes after good runs',
    sidecarCrashNotice({ action: 'giveUp', attempts: 7, reason: 'flapping', history: noCrashes }, 'out of memory'),
    'error',
    /out of memory\. It crashed 7 times within an hour, so it stays down\. Restart the agent/,
  ],
  ['a line that is too long', protocolErrorNotice({ ...error, problem: 'oversizeLine' }), 'warning', /a line of 5\.0 MiB.*goes on/],
  ['a flood of garbage', protocolErrorNotice({ ...error, problem: 'badFrame', count: 40 }), 'warning', /does not have, 40 times\./],
  ['garbage with its reason', protocolErrorNotice({ ...error, problem: 'binary', detail: 'NUL' }), 'warning', /text belongs\. NUL\. That/],
  [
    'a file that was put back',
    protectedNotice({ type: 'protectedChanged', changes: [hooks] }),
    'warning',
    /pre-commit \(added, put back\)\.$/,
  ],
  [
    'files that were not',
    protectedNotice({ type: 'protectedChanged', changes: [hooks, editor] }),
    'warning',
    /tasks\.json \(changed\)\. Look at them/,
  ],
  ['very many files', protectedNotice({ type: 'protectedChanged', changes: Array(15).fill(hooks) }), 'warning', / and 5 more\./],
  [
    'a hook that failed',
    hookFailedNotice({ type: 'hookFailed', hook: 'Stop', detail: 'no such file' }),
    'warning',
    /The hook Stop failed: no such file\./,
  ],
];

describe('what happened with a program is told', () => {
  for (const [name, notice, level, text] of rows) {
    it(`for ${name}`, () => {
      assert.equal(notice.level, level);
      assert.match(notice.text, text);
    });
  }
});

const full: SandboxState = {
  ...{ files: 'full', network: 'open', mode: 'preferred', layers: ['bubblewrap', 'landlock'] },
  ...{ landlockAbi: 7, gaps: [], remedy: null },
};
const partial: SandboxState = { ...full, files: 'partial', gaps: ['It can write .git/hooks'], remedy: 'Install bubblewrap.' };
const off: SandboxState = { ...full, files: 'off', mode: 'off', layers: [] };

describe('the fence', () => {
  const told = (sandbox: SandboxState, before?: SandboxState) =>
    fenceNotice({ type: 'fenced', sandbox, resources: { by: [], gaps: [] } }, before);

  it('is not told of while it is whole', () => {
    assert.equal(told(full), undefined);
    assert.equal(told(full, full), undefined);
  });

  it('is told of with its gaps and what to do about them', () => {
    const text = 'The agent is fenced in, with gaps. It can write .git/hooks. Install bubblewrap.';
    assert.deepEqual(told(partial), { level: 'warning', text });
  });

  it('that a person has switched off is told without alarm', () => {
    assert.deepEqual(told(off), { level: 'info', text: 'The agent is not fenced in: it can do what you can do.' });
  });

  it('is told of again when it has changed, and only then', () => {
    assert.equal(told(partial, partial), undefined);
    assert.equal(told(full, partial)?.text, 'The agent is fenced in.');
    assert.equal(told(off, full)?.level, 'info');
  });
});
