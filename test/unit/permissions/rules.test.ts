/** Rules and modes as they are kept. */
import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { newId } from '../../../server/base/uuid.ts';
import { Modes } from '../../../server/permissions/modes.ts';
import { isRealPath } from '../../../server/permissions/real-path.ts';
import { type NewRule, Rules } from '../../../server/permissions/rules.ts';
import type { AgentId, ProjectId } from '../../../server/protocol/ids.ts';
import { sampleApproval } from '../../support/protocol-samples.ts';
import { auditEvents, TestStores } from '../../support/test-stores.ts';
import { permissionRequest as request } from '../../support/transcripts.ts';

const dayMs = 86_400_000;
const always: NewRule = { effect: 'always', days: 30, folder: undefined, actor: 'cli' };
const projectId = newId<ProjectId>();
const shown = () => sampleApproval({ projectId, request });
const question = { projectId, request, isRealPath: () => true };

let kept: TestStores;
let at: number;
let rules: Rules;
const open = () => new Rules({ file: kept.stores.btmsg, audit: kept.stores.audit, now: () => at });
beforeEach(() => {
  kept = new TestStores();
  at = 1_000;
  rules = open();
});
afterEach(() => kept.remove());

test('a rule answers its project only, until its time is over, and a new backend knows it', () => {
  const { id } = rules.add(shown(), always);
  assert.equal(open().answering(question)?.id, id);
  assert.equal(rules.answering({ ...question, projectId: newId<ProjectId>() }), undefined);
  at += 30 * dayMs - 1;
  assert.equal(rules.answering(question)?.id, id);
  at += 1;
  assert.equal(rules.answering(question), undefined);
  assert.deepEqual(rules.list(null), []);
  assert.deepEqual(auditEvents(kept.stores), ['rule_added', 'rule_removed']);
});

test('a form is never allowed by a rule, and one that denies it fits that form alone', () => {
  const field = (name: string) => ({ name, label: name, help: null, required: true, type: 'yesNo', suggested: null }) as const;
  const formOf = (name: string) => ({ ...request, command: null, form: { fields: [field(name)] } });
  const asked = sampleApproval({ projectId, request: formOf('stage') });
  assert.throws(() => rules.add(asked, always), { code: 'badRequest', message: /which no rule can give/ });
  rules.add(asked, { ...always, effect: 'never' });
  assert.equal(rules.answering({ ...question, request: formOf('stage') })?.effect, 'never');
  assert.equal(rules.answering({ ...question, request: formOf('place') }), undefined);
  assert.equal(rules.answering({ ...question, request: { ...request, command: null } }), undefined);
});

test('one that has no end goes on until it is removed', () => {
  const { id } = rules.add(shown(), { ...always, days: null });
  at += 5_000 * dayMs;
  assert.equal(rules.answering(question)?.id, id);
  assert.equal(rules.remove(id.slice(-8), 'cli').id, id);
  assert.equal(rules.answering(question), undefined);
  assert.throws(() => rules.remove(id, 'cli'), { code: 'notFound' });
});

test('the same rule made again is one rule, with the new time', () => {
  const { id } = rules.add(shown(), always);
  rules.used(id);
  at += dayMs;
  const again = rules.add(shown(), always);
  assert.deepEqual([again.id, again.expiresAt, again.uses, rules.list(projectId).length], [id, at + 30 * dayMs, 1, 1]);
});

test('a rule that says the opposite of exactly the same is a conflict that names it', () => {
  rules.add(shown(), { ...always, effect: 'never' });
  assert.throws(() => rules.add(shown(), always), { code: 'conflict', message: /Remove it first: agor rules remove [0-9a-f]{8}/ });
});

test('never goes before always where both fit', () => {
  const edit = (path: string) =>
    sampleApproval({
      projectId,
      request: {
        ...request,
        toolName: 'Edit',
        toolKind: 'edit',
        command: null,
        cwd: null,
        resolved: null,
        content: [{ type: 'diff', path, oldText: 'a', newText: 'b' }],
      },
    });
  rules.add(edit('src/keys.ts'), { ...always, effect: 'never' });
  rules.add(edit('src/a.ts'), { ...always, folder: 'src' });
  const effect = (path: string) => rules.answering({ ...question, request: edit(path).request })?.effect;
  assert.deepEqual([effect('src/keys.ts'), effect('src/b.ts'), effect('lib/b.ts')], ['never', 'always', undefined]);
});

test('a rule that the disk gave back damaged answers nothing', () => {
  rules.add(shown(), always);
  kept.stores.btmsg.db.prepare("update approval_rules set match = '{}'").run();
  assert.equal(rules.answering(question), undefined);
});

test('what was removed leaves no rule and no mode behind', () => {
  const modes = new Modes({ file: kept.stores.btmsg, audit: kept.stores.audit, now: () => at });
  const agentId = newId<AgentId>();
  rules.add(shown(), always);
  modes.set({ id: agentId, name: 'demo' }, 'autonomous', 'cli');
  modes.set({ id: agentId, name: 'demo' }, 'autonomous', 'cli');
  assert.equal(new Modes({ file: kept.stores.btmsg, audit: kept.stores.audit, now: () => at }).of(agentId), 'autonomous');
  rules.forget(projectId, 'backend');
  modes.forget(agentId);
  assert.deepEqual([rules.list(null).length, modes.of(agentId)], [0, 'ask']);
  assert.deepEqual(auditEvents(kept.stores), ['rule_added', 'agent_mode_changed', 'rule_removed']);
});

test('a mode that cannot be read counts as the one in which a person decides', () => {
  const modes = new Modes({ file: kept.stores.btmsg, audit: kept.stores.audit, now: () => at });
  const agentId = newId<AgentId>();
  modes.set({ id: agentId, name: 'demo' }, 'autonomous', 'cli');
  kept.stores.btmsg.db.prepare("update agent_modes set mode = 'free'").run();
  assert.equal(modes.of(agentId), 'ask');
});

test('a file is where its path says only without a link on the way or in its place', () => {
  const dir = kept.folder('shop');
  const elsewhere = kept.folder('elsewhere');
  mkdirSync(join(dir, 'src'));
  writeFileSync(join(dir, 'src/a.ts'), '');
  symlinkSync(elsewhere, join(dir, 'src/out'));
  symlinkSync(join(elsewhere, 'missing'), join(dir, 'src/b.ts'));
  const real = ['src/a.ts', 'src/new.ts', 'src/new/deep.ts', join(dir, 'src/a.ts')];
  assert.deepEqual(
    real.filter((path) => !isRealPath(dir, path)),
    [],
  );
  assert.deepEqual(
    ['src/out/a.ts', 'src/out', 'src/b.ts'].filter((path) => isRealPath(dir, path)),
    [],
  );
  const linked = join(elsewhere, 'shop');
  symlinkSync(dir, linked);
  assert.equal(isRealPath(linked, 'src/a.ts'), true, 'the place of the project itself is its own');
});
