import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matchText, ruleRows } from '../../../../extension/decisions/rule-rows.ts';
import { Rule } from '../../../../server/protocol/rule.ts';
import { plainTranslate as t } from '../../../support/plain-translate.ts';
import { sampleProject } from '../../../support/protocol-samples.ts';

const dayMs = 86_400_000;
const [shop, desk] = [sampleProject({ name: 'shop' }), sampleProject({ name: 'desk' })];
const command = { on: 'command', toolName: 'Bash', command: 'npm test', cwd: '/srv/shop', resolved: '/usr/bin/npm', details: '' };

function rule(fields: Record<string, unknown> = {}): Rule {
  return Rule.parse({
    id: crypto.randomUUID(),
    projectId: shop.id,
    kind: 'npm',
    kindLabel: 'npm test (Bash)',
    match: command,
    effect: 'always',
    createdAt: 0,
    createdBy: 'extension',
    expiresAt: null,
    uses: 0,
    lastUsedAt: null,
    ...fields,
  });
}

test('rules stand below their project, each with what it does, how often it did, and until when', () => {
  const used = rule({ projectId: desk.id, effect: 'never', uses: 2, lastUsedAt: 60_000, expiresAt: 3 * dayMs });
  const rows = ruleRows([rule(), used], { projects: [shop, desk] }, 120_000, t);
  assert.deepEqual(
    rows.map((row) => [row.label, 'detail' in row ? row.detail : '']),
    [
      ['desk', ''],
      ['$(circle-slash) Never: npm test · in /srv/shop · /usr/bin/npm', '3 days left · used 2 times, last 1 minute ago · Bash'],
      ['shop', ''],
      ['$(verified) Always: npm test · in /srv/shop · /usr/bin/npm', 'until removed · not used yet · Bash'],
    ],
  );
});

for (const [match, expected] of [
  [{ on: 'files', toolName: 'Edit', toolKind: 'edit', path: 'src/' }, 'every file below src/'],
  [{ on: 'files', toolName: 'Edit', toolKind: 'edit', path: 'src/a.ts' }, 'src/a.ts'],
  [
    { on: 'call', toolName: 'Fetch', title: 'Fetch a page', cwd: null, details: 'https://example.org' },
    'Fetch a page · https://example.org',
  ],
  [{ ...command, resolved: null, details: 'with a look around' }, 'npm test · in /srv/shop · with a look around'],
] as const) {
  test(`the text says all that is compared: ${expected}`, () => {
    assert.equal(matchText(rule({ match }), t), expected);
  });
}

test('without a rule a sentence says how one is made', () => {
  const [row, ...others] = ruleRows([], { projects: [] }, 0, t);
  assert.ok(row?.kind === 'note' && row.detail.includes('Always Allow'));
  assert.equal(others.length, 0);
});

test('a rule of a project that is gone can still be seen and removed', () => {
  const rows = ruleRows([rule()], { projects: [] }, 0, t);
  assert.deepEqual(
    rows.map(({ kind }) => kind),
    ['separator', 'rule'],
  );
});
