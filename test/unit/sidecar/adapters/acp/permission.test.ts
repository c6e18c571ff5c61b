import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PermissionOption } from '@agentclientprotocol/sdk';
import { ToolFields } from '../../../../../server/sidecar/adapters/acp/acp-update.ts';
import { offeredDecisions, permissionRequest, responseFor } from '../../../../../server/sidecar/adapters/acp/permission.ts';

const option = (kind: PermissionOption['kind'], optionId: string = kind): PermissionOption => ({ optionId, name: kind, kind });
const selected = (optionId: string) => ({ outcome: { outcome: 'selected', optionId } });

describe('what a person may answer', () => {
  it('is what the agent offers, and always no', () => {
    assert.deepEqual(offeredDecisions([option('reject_once'), option('allow_always'), option('allow_once')]), [
      'allowOnce',
      'allowSession',
      'deny',
    ]);
    assert.deepEqual(offeredDecisions([option('allow_once')]), ['allowOnce', 'deny']);
    assert.deepEqual(offeredDecisions([]), ['deny']);
  });
});

describe('the answer to the agent', () => {
  it('names the first option of that kind', () => {
    const options = [option('allow_once', 'a'), option('allow_once', 'b'), option('allow_always', 'c'), option('reject_once', 'd')];
    assert.deepEqual(responseFor('allowOnce', options), selected('a'));
    assert.deepEqual(responseFor('allowSession', options), selected('c'));
    assert.deepEqual(responseFor('deny', options), selected('d'));
  });

  it('never refuses for ever where refusing once is possible', () => {
    assert.deepEqual(responseFor('deny', [option('reject_always'), option('reject_once')]), selected('reject_once'));
    assert.deepEqual(responseFor('deny', [option('reject_always')]), selected('reject_always'));
  });

  it('is "cancelled" for a no that is not offered, and nothing for a yes that is not', () => {
    assert.deepEqual(responseFor('deny', []), { outcome: { outcome: 'cancelled' } });
    assert.equal(responseFor('allowSession', [option('allow_once')]), undefined);
  });
});

describe('what the person is shown', () => {
  const shown = (fields: object) => permissionRequest(ToolFields.parse({ toolCallId: 't', ...fields }), [option('allow_once')]);

  it('holds the command, the folder, the reason and the change', () => {
    const rawInput = { command: 'rm -r build', cwd: '/p', description: 'Cleans up.' };
    const content = [{ type: 'diff', path: '/p/a', oldText: null, newText: 'x' }];
    assert.deepEqual(shown({ title: 'Run rm', kind: 'execute', name: 'bash', rawInput, content }), {
      title: 'Run rm',
      toolName: 'bash',
      toolKind: 'execute',
      command: 'rm -r build',
      cwd: '/p',
      resolved: null,
      content: [{ type: 'diff', path: '/p/a', oldText: null, newText: 'x' }],
      reason: 'Cleans up.',
      decisions: ['allowOnce', 'deny'],
    });
  });

  it('quotes the parts of a command that comes as a list, so that none is mistaken', () => {
    assert.equal(shown({ rawInput: { command: ['sh', '-c', "echo 'a b'"] } }).command, "sh -c 'echo '\\''a b'\\'''");
    assert.equal(shown({ rawInput: { command: ['node', '--version'] } }).command, 'node --version');
  });

  it('has no command and no reason where none was given', () => {
    const request = shown({ rawInput: 'text' });
    assert.deepEqual([request.command, request.cwd, request.reason, request.title], [null, null, null, 'tool']);
  });

  const restOf = (fields: object) => {
    const last = shown(fields).content.at(-1);
    return last?.type === 'text' ? JSON.parse(last.text) : null;
  };
  const diff = { type: 'diff', path: '/p/a', oldText: 'a', newText: 'b' };

  it('holds the whole input where there is neither command nor content', () => {
    assert.deepEqual(restOf({ rawInput: { to: 'bank', euros: 5 } }), { to: 'bank', euros: 5 });
    assert.deepEqual(shown({ rawInput: 'rm it' }).content, [{ type: 'text', text: 'rm it' }]);
    assert.deepEqual(shown({}).content, []);
  });

  it('holds what the input says beyond the command and the change', () => {
    assert.deepEqual(restOf({ rawInput: { command: 'x', cwd: '/p', sandbox: false } }), { sandbox: false });
    const rawInput = { file_path: '/p/a', old_string: 'a', new_string: 'b', replace_all: true };
    assert.deepEqual(restOf({ rawInput, content: [diff] }), { replace_all: true });
    assert.deepEqual(restOf({ rawInput: { path: '/p/other', content: 'b' }, content: [diff] }), { path: '/p/other' });
    assert.deepEqual(restOf({ rawInput: { command: ['a', { b: 1 }] } }), { command: ['a', { b: 1 }] });
  });

  it('is not cut', () => {
    const newText = 'x'.repeat(900_000);
    assert.deepEqual(shown({ content: [{ ...diff, newText }] }).content, [{ ...diff, newText }]);
  });
});
