import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandIds } from '../../../../extension/command-ids.ts';
import { windowFindings } from '../../../../extension/upkeep/doctor-window.ts';
import { bootPage, commandFor, examinationPage, summaryText } from '../../../../extension/upkeep/doctor-wording.ts';
import { examinationLines, hasProblem } from '../../../../server/cli/doctor-text.ts';
import { plain } from '../../../../server/cli/style.ts';
import type { Examination, Finding } from '../../../../server/protocol/doctor.ts';
import { plainTranslate as translate } from '../../../support/plain-translate.ts';

const finding: Finding = { id: 'data.x', area: 'data', level: 'ok', what: 'It is whole.', why: null, todo: [], isFixable: false };
const hostile: Finding = {
  ...finding,
  id: 'files.open',
  area: 'files',
  level: 'warning',
  what: 'Others read [a](command:evil) \u001b[2J`b`\u202e.',
  why: 'So.',
  todo: [{ say: 'Then:' }, { run: 'agor doctor --fix' }],
};
const examination: Examination = {
  at: 0,
  dataDir: '/data',
  build: { version: '1', gitSha: 'a', buildTime: 0, nodeVersion: 'v24' },
  backend: 'none',
  tookMs: 5,
  findings: [finding, hostile],
  fixed: [],
};
const fine = { ...examination, findings: [finding] };

test('when all is fine the terminal says it in two lines', () => {
  assert.deepEqual(examinationLines(fine, false, plain), ['All is fine: 1 check.', '/data, build 1-a-0, looked at in 5 ms']);
});

test('in the terminal each finding says why and what to do, grouped by area, and nothing in it acts', () => {
  const lines = examinationLines(examination, true, plain);
  assert.deepEqual(lines.slice(0, 5), [
    'Data      ✓ It is whole.',
    'Files     ! Others read [a](command:evil) `b`\u202e.',
    '            So.',
    '            Then:',
    '              agor doctor --fix',
  ]);
  assert.equal(lines.at(-2), 'No problems, 1 warning.');
});

test('a problem, and a fix that failed, end the command with 1; a warning does not', () => {
  assert.equal(hasProblem(examination), false);
  assert.equal(hasProblem({ ...examination, findings: [{ ...finding, level: 'problem' }] }), true);
  assert.equal(hasProblem({ ...examination, fixed: [{ what: 'x', error: 'EPERM' }] }), true);
});

test('the page for the editor has no link that a name brings along', () => {
  const page = examinationPage(examination, translate);
  assert.match(page, /\\\[a\\\]\(command:evil\)/);
  assert.ok(!page.includes('\u202e') && !page.includes('\u001b'));
  assert.match(page, /`agor doctor --fix`/);
  assert.equal(summaryText(fine, translate), 'All is fine: 1 checks.');
});

test('a verification is a table of steps with their times', () => {
  const steps = [{ name: 'backend started', tookMs: 12, detail: 'pid | 7', isOk: true }];
  assert.match(
    bootPage({ isWhole: true, tookMs: 12, build: examination.build, steps }, translate),
    /\| done \| backend started \| 12 ms \| pid \\\| 7 \|/,
  );
});

test('a command line that has a command of the editor leads to one that is contributed', () => {
  for (const line of ['agor recover', 'agor doctor', 'agor doctor --boot', 'agor metrics', 'agor runbook show disk', 'agor audit verify'])
    assert.ok(
      commandIds.some((id) => id === commandFor(line)),
      line,
    );
  assert.equal(commandFor('kill -9 7'), undefined);
});

const windows: readonly [string, Parameters<typeof windowFindings>[0], string[]][] = [
  ['new enough with a keyring', { version: '1.101.0', store: 'system' }, ['ok', 'ok']],
  ['too old', { version: '1.100.3', store: 'system' }, ['problem', 'ok']],
  ['of the next major version', { version: '2.0.0-insider', store: 'system' }, ['ok', 'ok']],
  ['without a keyring', { version: '1.140.0', store: 'memory' }, ['ok', 'warning']],
  ['with a weak store', { version: '1.140.0', store: 'basicText' }, ['ok', 'warning']],
];
for (const [name, facts, levels] of windows)
  test(`a VS Code ${name} is told as ${levels.join(', ')}`, () => {
    assert.deepEqual(
      windowFindings(facts, translate).map(({ level }) => level),
      levels,
    );
  });
