/** Forms of an ACP agent, from its program over sidecar and backend to a person at a terminal, and back. */
import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Approval } from '../../server/protocol/approval.ts';
import { Rule } from '../../server/protocol/rule.ts';
import { fixturePath, fresh, withAcp } from '../support/acp-harness.ts';
import { type AgorHome, agorHome } from '../support/run-agor.ts';

const program = 'asks-values.mjs';

describe('a form at a terminal', () => {
  let home: AgorHome;
  before(async () => {
    home = await agorHome();
    await home.json(['project', 'add', '.']);
    // Inside the fence an agent sees its project, and so its program.
    for (const file of [program, 'acp-lines.mjs']) copyFileSync(fixturePath(file), join(home.project, file));
    await home.run(['agent', 'add', 'asker', '--provider', 'acp', '--', process.execPath, join(home.project, program)]);
  });
  after(() => home.close());

  const asked = async (text = 'ask') => {
    const waiting = home.start(['agent', 'prompt', 'asker', text, '--wait']);
    await waiting.seen(/agor approve [0-9a-f]{8} --set/);
    return waiting;
  };

  it('is shown with its fields, and answered by what is set', async () => {
    const waiting = await asked();
    const list = await home.run(['approve', '--list']);
    assert.match(list.stdout, /stage: Stage; needed, one of these\n.*\| Where should it go\?\n.*- test\n.*- live/);
    assert.match(list.stdout, /copies: Copies; may be left empty, a whole number, at least 1, at most 5, suggested 2/);
    const wrong = await home.run(['approve', '--set', 'stage=nowhere', '--set', 'copies=9']);
    assert.deepEqual(
      [wrong.code, /"stage" takes one of: test, live\. "copies" is at most 5\./.test(wrong.stderr)],
      [1, true],
      wrong.stderr,
    );
    const answer = await home.run(['approve', '--set', 'stage=live', '--set', 'copies=3', '--set', 'note=a=b c']);
    assert.equal(answer.code, 0, answer.stderr);
    assert.match(
      (await waiting.finished).stdout,
      /Answered: \[\{"action":"accept","content":\{"stage":"live","copies":3,"note":"a=b c"\}\}\]/,
    );
  });

  it('is declined, and cancelled', async () => {
    for (const [options, action] of [
      [[], 'decline'],
      [['--cancel'], 'cancel'],
    ] as const) {
      const waiting = await asked();
      Approval.parse(await home.json(['deny', ...options]));
      assert.match((await waiting.finished).stdout, new RegExp(`Answered: \\[\\{"action":"${action}"\\}\\]`));
    }
  });

  it('is answered by no rule with yes, and by one with no', async () => {
    const waiting = await asked();
    const always = await home.run(['approve', '--always']);
    assert.match(always.stderr, /asks for values, which no rule can give/);
    await home.json(['deny', '--never']);
    await waiting.finished;
    const next = await home.run(['agent', 'prompt', 'asker', 'ask', '--wait']);
    assert.match(next.stdout, /"action":"decline"/);
    const { rules } = (await home.json(['rules', 'list'])) as { rules: unknown[] };
    const [rule] = rules.map((one) => Rule.parse(one));
    await home.json(['rules', 'remove', rule?.id ?? '']);
  });
});

describe('a form of an ACP agent', () => {
  const command = [process.execPath, fixturePath(program)];

  it('of two at once each has its own answer', async () => {
    await withAcp({ command }, async (harness) => {
      await harness.adapter.open(fresh);
      await harness.prompt('twice');
      const [first, second] = await harness.until('two questions', () => {
        const asked = harness.of('permissionAsked');
        return asked.length === 2 ? asked : undefined;
      });
      if (!first || !second) return assert.fail('it asks twice');
      harness.adapter.answer(second.approvalId, 'allowOnce', null, { stage: 'test' });
      harness.adapter.answer(first.approvalId, 'deny', null);
      await harness.next('turnEnded');
      assert.match(harness.texts().join(''), /"stage":"test"[^\]]*"action":"decline"/);
    });
  });

  it('is withdrawn when the turn is stopped, and the agent is told', async () => {
    await withAcp({ command }, async (harness) => {
      const { adapter } = harness;
      await adapter.open(fresh);
      await harness.prompt('ask');
      const { approvalId } = await harness.next('permissionAsked');
      await adapter.interrupt();
      assert.equal((await harness.next('permissionWithdrawn')).approvalId, approvalId);
      assert.equal(adapter.answer(approvalId, 'allowOnce', null, { stage: 'live' }), false);
    });
  });

  it('of a kind that is not known is declined, and shown as that', async () => {
    await withAcp({ command }, async (harness) => {
      await harness.adapter.open(fresh);
      await harness.turn('object');
      assert.match((await harness.next('notice')).text, /The agent asked for a form .* not known here\. It was declined/);
      assert.match(harness.texts().join(''), /"action":"decline"/);
    });
  });
});
