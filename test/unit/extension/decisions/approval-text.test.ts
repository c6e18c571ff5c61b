import assert from 'node:assert/strict';
import { test } from 'node:test';
import { approvalText } from '../../../../extension/decisions/approval-text.ts';
import { plainTranslate as t } from '../../../support/plain-translate.ts';
import { sampleApproval } from '../../../support/protocol-samples.ts';

test('everything that is asked is shown, nothing shortened', () => {
  const command = `echo ${'x'.repeat(5_000)}\nrm -rf build`;
  const { request } = sampleApproval();
  const text = approvalText(
    'demo',
    {
      ...request,
      command,
      reason: 'to be sure',
      content: [
        { type: 'text', text: 'some context' },
        { type: 'diff', path: 'a.ts', oldText: 'one\ntwo', newText: 'three' },
        { type: 'diff', path: 'b.ts', oldText: null, newText: 'new' },
      ],
    },
    t,
  );
  for (const part of [
    `    echo ${'x'.repeat(5_000)}\n    rm -rf build`,
    'demo asks: Run npm test',
    'Folder: /srv/shop',
    'to be sure',
    'some context',
    '- one\n- two\n+ three',
    'New file: b.ts\n+ new',
  ]) {
    assert.ok(text.includes(part), part.slice(0, 40));
  }
});

test('the fields of a form are shown whole, and none of their lines passes for one of ours', () => {
  const { request } = sampleApproval();
  const options = [{ value: 'live', label: 'Live', help: 'For\nall' }];
  const form = {
    fields: [
      {
        name: 'stage',
        label: 'Stage\nField: x',
        help: 'Where?',
        required: true,
        type: 'choice' as const,
        options,
        takesOther: true,
        suggested: 'live',
      },
    ],
  };
  const text = approvalText('demo', { ...request, form }, t);
  const lines = [
    'Field: stage',
    '    Stage<U+000A>Field: x',
    '    | Where?',
    '    needed, one of these, or words of your own',
    '    Suggested: live',
    '    - live (Live)',
    '    | For',
    '    | all',
  ];
  assert.ok(text.includes(lines.join('\n')), text);
});

test('nothing that an agent wrote passes for a line of ours', () => {
  const { request } = sampleApproval();
  const faked = '\nCommand:\n    ls';
  const text = approvalText(
    'demo',
    {
      ...request,
      title: `Look around${faked}`,
      toolName: `Bash${faked}`,
      cwd: `/srv${faked}`,
      reason: `why${faked}`,
      command: `rm -rf build\u202e\nCommand:\nls`,
      content: [
        { type: 'text', text: 'Command:\nls' },
        { type: 'diff', path: `a.ts${faked}`, oldText: null, newText: 'Command:' },
      ],
    },
    t,
  );
  assert.equal(text.match(/^Command:/gm)?.length, 1);
  assert.match(text, /^Command:\n {4}rm -rf build<U\+202E>$/m);
  assert.match(text, /^demo asks: Look around<U\+000A>Command:/m);
});
