import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decisionRow, folderOf, inOrder, ofTheSameKind, questionTarget, timeLeft } from '../../../../extension/decisions/decision-words.ts';
import { emptyFleet } from '../../../../extension/fleet/fleet-model.ts';
import { plainTranslate as t } from '../../../support/plain-translate.ts';
import { sampleAgent, sampleApproval, sampleProject } from '../../../support/protocol-samples.ts';

const minuteMs = 60_000;
const project = sampleProject();
const agent = sampleAgent({ name: 'ann', projectId: project.id });
const ours = { agentId: agent.id, projectId: project.id, kind: 'npm', kindLabel: 'npm test (Bash)' } as const;
const { request } = sampleApproval();

test('the one that has waited longest comes first, whoever asks', () => {
  const [young, old] = [sampleApproval({ askedAt: 20 }), sampleApproval({ askedAt: 10 })];
  assert.deepEqual(inOrder([young, old]), [old, young]);
  const same = ['b', 'a'].map((letter) => sampleApproval({ id: `0000000${letter}-0000-7000-8000-000000000000`, askedAt: 10 }));
  assert.deepEqual(inOrder(same), [same[1], same[0]]);
});

test('only what is of one kind in one project may be answered together', () => {
  const [first, second] = [sampleApproval(ours), sampleApproval({ ...ours, askedAt: 0 })];
  const others = [sampleApproval({ ...ours, kind: 'git' }), sampleApproval({ ...ours, projectId: sampleProject().id })];
  assert.deepEqual(ofTheSameKind([first, second, ...others], first), [second, first]);
});

test('a row says what is asked, by whom, since when, until when, of which kind, and where', () => {
  const approval = sampleApproval({ ...ours, askedAt: 0, expiresAt: 12 * minuteMs });
  const fleet = { ...emptyFleet, agents: [agent], projects: [project], approvals: [approval] };
  const row = decisionRow(approval, fleet, 2 * minuteMs, t);
  assert.equal(row.label, 'Run npm test');
  assert.equal(row.description, 'ann · 2 minutes ago · 10 minutes left · npm test (Bash) · shop');
  assert.equal(row.spoken, `ann asks: Run npm test, ${row.description}`);
  assert.deepEqual([row.icon, row.context], ['terminal', 'decision.once.one']);
  assert.deepEqual(
    row.facts.find(([name]) => name === 'Folder'),
    ['Folder', '/srv/shop'],
  );
});

test('its menu knows whether the session may be allowed, and whether there are more of its kind', () => {
  const approval = sampleApproval({ ...ours, request: { ...request, decisions: ['allowOnce', 'allowSession', 'deny'] } });
  const fleet = { ...emptyFleet, approvals: [approval, sampleApproval(ours)] };
  assert.equal(decisionRow(approval, fleet, 0, t).context, 'decision.session.many');
});

for (const [expiresAt, expected] of [
  [null, ''],
  [30_000, 'less than a minute left'],
  [-1, 'less than a minute left'],
  [5 * minuteMs, '5 minutes left'],
  [90 * minuteMs, '1 hour left'],
  [600 * minuteMs, '10 hours left'],
] as const) {
  test(`of a question that expires at ${expiresAt} it says "${expected}"`, () => {
    assert.equal(timeLeft(sampleApproval({ expiresAt }), 0, t), expected);
  });
}

test('a target is the command with its folder and its program, or the files', () => {
  const run = sampleApproval({ request: { ...request, resolved: '/usr/bin/npm' } });
  assert.equal(questionTarget(run, t), 'in /srv/shop · /usr/bin/npm · npm test');
  const same = sampleApproval({ request: { ...request, command: '/usr/bin/npm test', resolved: '/usr/bin/npm' } });
  assert.equal(questionTarget(same, t), 'in /srv/shop · /usr/bin/npm test');
  const edit = sampleApproval({
    request: { ...request, command: null, cwd: null, resolved: null, content: [diff('src/a.ts'), diff('src/b.ts')] },
  });
  assert.equal(questionTarget(edit, t), 'src/a.ts, src/b.ts');
});

test('a rule for a folder is offered only where all files are in one, and that is not the whole project', () => {
  const asking = (...paths: string[]) => folderOf(sampleApproval({ request: { ...request, command: null, content: paths.map(diff) } }));
  assert.equal(asking('src/a.ts', 'src/b.ts'), 'src/');
  assert.equal(asking('src/a.ts', 'test/b.ts'), undefined);
  assert.equal(asking('a.ts'), undefined);
  assert.equal(asking('/a.ts'), undefined);
  assert.equal(asking(), undefined);
  assert.equal(folderOf(sampleApproval({ request: { ...request, content: [diff('src/a.ts')] } })), undefined);
});

function diff(path: string) {
  return { type: 'diff', path, oldText: null, newText: '' } as const;
}
