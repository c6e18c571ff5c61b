import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rotationText, secretDetail } from '../../../../extension/secrets/secret-wording.ts';
import type { TakesSecret } from '../../../../server/protocol/secret.ts';
import { plainTranslate } from '../../../support/plain-translate.ts';
import { sampleAgent } from '../../../support/protocol-samples.ts';

const kept = { name: 'anthropic', updatedAt: 1, source: 'window', isHere: true } as const;

test('who keeps a secret is said', () => {
  assert.equal(secretDetail(kept, [], plainTranslate), 'Kept by VS Code.');
  assert.match(secretDetail({ ...kept, isHere: false }, [], plainTranslate), /^Not in the store of this window/);
  assert.equal(secretDetail({ ...kept, source: 'credentialsDirectory' }, [], plainTranslate), 'Kept by systemd.');
  assert.match(secretDetail({ ...kept, source: 'descriptor' }, [], plainTranslate), /Given to the backend/);
});

test('the agents that use it are named, and their names draw nothing', () => {
  const user = sampleAgent({ name: 'a $(trash)', secrets: [{ variable: 'KEY', secret: 'anthropic' }] });
  const other = sampleAgent({ name: 'other', secrets: [{ variable: 'KEY', secret: 'github' }] });
  assert.equal(secretDetail(kept, [user, other], plainTranslate), 'Kept by VS Code. Used by a \\$(trash).');
});

test('a rotation says who has the new value, who takes it later, and whether it can be found in what agents say', () => {
  const holder = (agent: string, takes: TakesSecret) => ({ agentId: sampleAgent({}).id, agent, takes });
  const agents = [holder('claude', 'now'), holder('codex $(x)', 'nextStart'), holder('asleep', 'whenStarted')];
  const rotation = { name: 'model', keptBy: 'window', agents, isFindable: true } as const;
  const told = rotationText({ ...rotation, agents }, plainTranslate);
  assert.match(told, /^The secret model has its new value\. Agents that have it now: claude\. .*next start: codex \\\$\(x\)\.$/);
  assert.match(rotationText({ ...rotation, agents: [], isFindable: false }, plainTranslate), /new value\. It is too short or too plain/);
});
