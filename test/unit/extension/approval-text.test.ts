import assert from 'node:assert/strict';
import { test } from 'node:test';
import { approvalText } from '../../../extension/approval-text.ts';
import { plainTranslate as t } from '../../support/plain-translate.ts';
import { sampleApproval } from '../../support/protocol-samples.ts';

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
    command,
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
