/** What agents wrote, on VS Code's own surfaces: labels, quick picks, messages, hovers, its chat. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asText } from '../../../extension/assistant/chat-answer.ts';
import { answerRows } from '../../../extension/decisions/answer-rows.ts';
import { approvalText, questionText } from '../../../extension/decisions/approval-text.ts';
import { decisionRow } from '../../../extension/decisions/decision-words.ts';
import { ruleRows } from '../../../extension/decisions/rule-rows.ts';
import { emptyFleet } from '../../../extension/fleet/fleet-model.ts';
import { emptyTeamwork } from '../../../extension/fleet/teamwork-model.ts';
import { messageRow, messagesOf } from '../../../extension/messages/messages-model.ts';
import { searchRows } from '../../../extension/search/search-rows.ts';
import { messageText, oneLine, pickText } from '../../../extension/text/visible-text.ts';
import { PermissionRequest } from '../../../server/protocol/agent-event.ts';
import { Approval } from '../../../server/protocol/approval.ts';
import { DeadLetter, Message } from '../../../server/protocol/message.ts';
import { Rule } from '../../../server/protocol/rule.ts';
import { HeldItem } from '../../../server/protocol/screening.ts';
import { SearchHit } from '../../../server/protocol/search.ts';
import { hostile } from '../../support/chat-harness/hostile.ts';
import { sampleDeadLetters, sampleHeld, sampleMessages } from '../../support/chat-harness/mail-data.ts';
import { askToRun } from '../../support/chat-harness/sample-data.ts';
import { markupPayloads } from '../../support/markup-payloads.ts';
import { plainTranslate as t } from '../../support/plain-translate.ts';
import { sampleAgent, sampleApproval, sampleProject } from '../../support/protocol-samples.ts';
import { sampleAnswer, sampleHit } from '../../support/search-samples.ts';
import { readSourceFiles } from '../../support/source-files.ts';

/** As VS Code finds them: `renderLabelWithIcons` and `parseLinkedText`. */
const icons = /(\\)?\$\(([A-Za-z0-9-]+(?:~[A-Za-z]+)?)\)/g;
const links = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/gi;
const unseen = /(?![\n\t ])[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/u;

const drawnIcons = (text: string) => [...text.matchAll(icons)].filter(([, backslash]) => backslash === undefined);
const isOneLine = (text: string) => !unseen.test(text) && !/[\n\t]/.test(text);

test('a quick pick draws no icon that an agent wrote, and shows all of it on one line', () => {
  for (const payload of markupPayloads) {
    assert.deepEqual(drawnIcons(pickText(payload)), [], payload);
    assert.ok(isOneLine(pickText(payload)), payload);
  }
});

test('a message makes no link of what an agent wrote', () => {
  for (const payload of markupPayloads) {
    assert.deepEqual([...messageText(payload).matchAll(links)], [], payload);
    assert.ok(isOneLine(messageText(payload)), payload);
  }
});

test('rows of the messages show it on one line, and their hovers nothing that is not seen', () => {
  for (const payload of markupPayloads) {
    const state = {
      ...emptyTeamwork,
      forPerson: sampleMessages().map((message) => hostile(Message, message, payload)),
      held: sampleHeld().map((item) => hostile(HeldItem, item, payload)),
      deadLetters: sampleDeadLetters().map((deadLetter) => hostile(DeadLetter, deadLetter, payload)),
    };
    const groups = (['held', 'forPerson', 'deadLetters'] as const).map((id) => ({ kind: 'messageGroup', id }) as const);
    const rows = groups.flatMap((group) => messagesOf(state, group)).map((node) => messageRow(state, node, 0, t));
    assert.equal(rows.length, 8);
    for (const row of rows) {
      assert.ok(row && isOneLine(row.label) && isOneLine(row.description), `${row?.label} ${row?.description}`);
      assert.ok(!unseen.test(row.tooltip), row.tooltip);
    }
  }
});

test('what the search found draws no icon of its own', () => {
  for (const payload of markupPayloads) {
    const answer = sampleAnswer([hostile(SearchHit, sampleHit(1), payload)], { remarks: [payload] });
    for (const row of searchRows({ kind: 'found', query: payload, answer }, 0, t)) {
      const texts = [row.label, 'description' in row ? row.description : '', 'detail' in row ? row.detail : ''];
      for (const text of texts) {
        const ours = text === row.label ? 1 : 0;
        assert.ok(drawnIcons(text).length <= ours && isOneLine(text), text);
      }
    }
  }
});

test('a question is shown whole, with what is not seen written out', () => {
  for (const payload of markupPayloads) {
    const asked = hostileApproval(payload);
    const whole = questionText(asked, { agent: payload, project: payload }, t);
    for (const text of [approvalText(payload, hostile(PermissionRequest, askToRun, payload), t), whole]) {
      assert.ok(!unseen.test(text), text);
      const plain = /[!-~]{8,}/.exec(payload)?.[0] ?? '';
      assert.ok(text.includes(plain), plain);
    }
    assert.equal(whole.match(/^State:/gm)?.length, 1);
  }
});

test('rows of the decisions show it on one line, and the list that answers them draws no icon of its own', () => {
  for (const payload of markupPayloads) {
    const approval = hostileApproval(payload);
    const fleet = { ...emptyFleet, ...hostileNames(payload, approval), approvals: [approval] };
    const { label, description, spoken, facts } = decisionRow(approval, fleet, 0, t);
    for (const text of [label, description, spoken, ...facts.flat()]) assert.ok(isOneLine(text), text);
    for (const row of answerRows({ fleet, queue: [approval], current: approval, nowMs: 0 }, t)) holds(row);
  }
});

test('rows of the permission rules draw no icon of their own', () => {
  for (const payload of markupPayloads) {
    const rule = hostile(Rule, sampleRule, payload);
    const { projects } = hostileNames(payload, rule);
    for (const row of ruleRows([rule], { projects }, 0, t)) holds(row);
  }
});

const sampleRule: Rule = Rule.parse({
  ...{ id: crypto.randomUUID(), projectId: crypto.randomUUID(), kind: 'npm', kindLabel: 'npm', effect: 'always', createdAt: 0 },
  ...{ createdBy: 'extension', expiresAt: null, uses: 1, lastUsedAt: 0 },
  match: { on: 'command', toolName: 'Bash', command: 'npm test', cwd: '/srv', resolved: '/usr/bin/npm', details: 'more' },
});

function hostileApproval(payload: string): Approval {
  return hostile(Approval, sampleApproval({ askedBecause: 'why' }), payload);
}

function hostileNames(payload: string, { projectId, agentId }: { projectId: string; agentId?: string }) {
  return {
    agents: [sampleAgent({ name: payload, ...(agentId === undefined ? {} : { id: agentId }) })],
    projects: [sampleProject({ id: projectId, name: payload })],
  };
}

function holds(row: { readonly label: string; readonly kind: string; readonly description?: string; readonly detail?: string }): void {
  for (const text of [row.label, row.description ?? '', row.detail ?? '']) {
    const ours = text === row.label && row.kind !== 'separator' ? 1 : 0;
    assert.ok(drawnIcons(text).length <= ours && isOneLine(text), text);
  }
}

test("VS Code's chat reads nothing in it as markdown", () => {
  for (const payload of markupPayloads) {
    const text = asText(payload);
    assert.ok(isOneLine(text), text);
    assert.doesNotMatch(text, /(?<!\\)[<`[\]!]/, text);
  }
});

test('no hover and no answer is trusted or takes HTML, and what is appended as markdown is ours', () => {
  for (const { path, text } of readSourceFiles('extension/**/*.ts')) {
    assert.doesNotMatch(text, /isTrusted = true|supportHtml = true|new MarkdownString\([^)]*, true/, path);
    for (const [, appended = ''] of text.matchAll(/\.appendMarkdown\(([^)]*)\)/g))
      assert.match(appended, /^('[^']*'|index === 0 \? '[^']*' : '[^']*')$/, path);
  }
});

test('no text stands in a quick pick or in a message as it came', () => {
  for (const { path, text } of readSourceFiles('extension/**/*.ts')) {
    if (!/QuickPick/.test(text)) continue;
    const raw = text.match(/\b(label|description|detail): (?!row\.)(\w+\.)+(name|title|path|text|detail|error|kind|stateDetail)\b/g);
    assert.deepEqual(raw, null, path);
  }
  assert.equal(oneLine('a\nb'), 'a<U+000A>b');
});
