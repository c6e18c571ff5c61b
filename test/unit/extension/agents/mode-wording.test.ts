import assert from 'node:assert/strict';
import { test } from 'node:test';
import { autonomyDetail, modeTag, modeWords } from '../../../../extension/agents/mode-wording.ts';
import { AgentMode } from '../../../../server/protocol/agent.ts';
import { plainTranslate as t } from '../../../support/plain-translate.ts';
import { sampleAgent } from '../../../support/protocol-samples.ts';

const fence = { files: 'partial', network: 'open', gaps: ['Sockets of the host can be reached.'], remedy: null, bounds: [] };

test('each mode says in a line what it means', () => {
  for (const mode of AgentMode.options) {
    const { label, icon, detail } = modeWords(mode, t);
    assert.ok(label && icon && detail.endsWith('.'), mode);
  }
});

test('only a mode that is not the usual one is shown beside a name', () => {
  assert.deepEqual(
    AgentMode.options.map((mode) => modeTag(sampleAgent({ mode }), t)),
    [[], ['restricted'], ['autonomous']],
  );
});

test('whoever makes an agent autonomous is told how it is fenced, gap by gap, and what becomes of its open questions', () => {
  const detail = autonomyDetail({ ...sampleAgent({ openApprovals: 1 }), sandbox: fence as never }, t);
  assert.match(detail, /^Sandbox: partial, 1 gap, network open\n• Sockets of the host can be reached\.\n\n/);
  assert.match(detail, /no longer asks you/);
  assert.match(detail, /What it asks now still waits for your answer/);
});

test('without a fence it goes on asking, and the person is told so', () => {
  for (const sandbox of [null, { ...fence, files: 'off' }]) {
    const detail = autonomyDetail({ ...sampleAgent({ openApprovals: 1 }), sandbox: sandbox as never }, t);
    assert.match(detail, /goes on asking you/);
    assert.doesNotMatch(detail, /no longer asks/);
  }
});
