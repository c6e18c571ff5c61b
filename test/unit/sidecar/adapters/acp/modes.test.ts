/** In which mode a session begins, and what becomes of one that its program leaves. The modes are those that each program offered. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { AgorError } from '../../../../../server/protocol/errors.ts';
import { chooseMode, modeRequest } from '../../../../../server/sidecar/adapters/acp/choose-mode.ts';
import { ModeKeeper } from '../../../../../server/sidecar/adapters/acp/mode-keeper.ts';
import type { SessionChoice } from '../../../../../server/sidecar/adapters/acp/session-choice.ts';

const claude = ['default', 'acceptEdits', 'plan', 'auto'];
const gemini = ['default', 'autoEdit', 'yolo', 'plan'];
const codex = ['read-only', 'workspace-write', 'agent', 'agent-full-access'];
const openCode = ['build', 'plan'];

const choice = (current: string, offered: readonly string[], configId: string | null = 'mode'): SessionChoice => ({
  current,
  offered,
  configId,
});

async function chosen(current: string, offered: readonly string[]) {
  const asked: string[] = [];
  const mode = await chooseMode(choice(current, offered), async (wish) => asked.push(wish));
  return { asked, ...mode };
}

describe('the mode of a new session', () => {
  it('is one in which the program asks, whichever it began in', async () => {
    const cases: [string, readonly string[], string][] = [
      ['agent', codex, 'read-only'],
      ['agent-full-access', codex, 'read-only'],
      ['yolo', gemini, 'default'],
      ['autoEdit', gemini, 'default'],
      ['acceptEdits', claude, 'default'],
      ['auto', claude, 'default'],
      ['auto', ['auto', 'approve', 'smart_approve', 'chat'], 'approve'],
    ];
    for (const [current, offered, wish] of cases) {
      const { asked, mayAsk, warnings, choice: now } = await chosen(current, offered);
      assert.deepEqual([asked, mayAsk, warnings, now?.current], [[wish], true, [], wish], current);
    }
  });

  it('stays where the program asks already, or where nobody knows what it means', async () => {
    for (const [current, offered] of [
      ['default', claude],
      ['plan', claude],
      ['read-only', codex],
      ['workspace-write', codex],
    ] as const) {
      assert.deepEqual((await chosen(current, offered)).asked, [], current);
    }
    for (const [current, offered] of [
      ['build', openCode],
      ['agent', ['agent', 'ask']],
      ['of-tomorrow', ['of-tomorrow']],
    ] as const) {
      const { asked, mayAsk, warnings } = await chosen(current, offered);
      assert.deepEqual([asked, mayAsk, warnings], [[], true, []], current);
    }
    assert.deepEqual(await chooseMode(null, () => assert.fail()), { choice: null, mayAsk: true, warnings: [] });
  });

  it('is told of where the program offers none that asks, or does not take it', async () => {
    const none = await chosen('yolo', ['yolo']);
    assert.equal(none.mayAsk, false);
    assert.match(none.warnings[0] ?? '', /begins in its mode "yolo", in which it does not ask you.*offers no mode that asks/);
    const refused = await chooseMode(choice('yolo', gemini), () => Promise.reject(new Error('not today')));
    assert.equal(refused.mayAsk, false);
    assert.match(refused.warnings[0] ?? '', /did not take the mode "default": not today/);
  });

  it('is no matter where the program has gone meanwhile', async () => {
    await assert.rejects(
      chooseMode(choice('yolo', gemini), () => Promise.reject(new AgorError('agentFailed', 'gone'))),
      /gone/,
    );
  });

  it('is set as the program offers it', () => {
    assert.deepEqual(modeRequest('s', 'default', null), ['session/set_mode', { sessionId: 's', modeId: 'default' }]);
    assert.deepEqual(modeRequest('s', 'read-only', 'mode'), [
      'session/set_config_option',
      { sessionId: 's', configId: 'mode', value: 'read-only' },
    ]);
  });
});

function kept(begin: SessionChoice, set: (mode: string) => Promise<void> = async () => {}) {
  const [sets, warnings]: [string[], string[]] = [[], []];
  const keeper = new ModeKeeper(begin, {
    set: (mode, configId) => {
      sets.push(`${configId}:${mode}`);
      return set(mode);
    },
    warn: (text) => warnings.push(text),
  });
  const left = async (currentModeId: string) => {
    keeper.heard({ sessionUpdate: 'current_mode_update', currentModeId });
    await setImmediate();
  };
  return { keeper, sets, warnings, left };
}

describe('a mode that its program leaves', () => {
  it('is put back, and the person is told', async () => {
    const { sets, warnings, left } = kept(choice('plan', claude));
    await left('acceptEdits');
    assert.deepEqual(sets, ['mode:default']);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? '', /left its mode "plan" for "acceptEdits", in which it does not ask.*put back to "default"/);
  });

  it('is put back once where the program tells of it twice, and tells of the return too', async () => {
    const { keeper, sets, warnings } = kept(choice('default', claude));
    const option = (currentValue: string) => ({
      sessionUpdate: 'config_option_update',
      configOptions: [{ id: 'mode', type: 'select', category: 'mode', currentValue, options: claude.map((value) => ({ value })) }],
    });
    keeper.heard({ sessionUpdate: 'current_mode_update', currentModeId: 'acceptEdits' });
    keeper.heard(option('acceptEdits'));
    keeper.heard(option('default'));
    await setImmediate();
    keeper.heard({ sessionUpdate: 'current_mode_update', currentModeId: 'default' });
    assert.deepEqual([sets, warnings.length], [['mode:default'], 1]);
  });

  it('is nothing to tell of where the new one asks as well', async () => {
    const { sets, warnings, left } = kept(choice('default', claude));
    await left('plan');
    await left('default');
    assert.deepEqual([sets, warnings], [[], []]);
  });

  it('is told of where it cannot be put back', async () => {
    const refusing = kept(choice('default', gemini, null), () => Promise.reject(new Error('busy')));
    await refusing.left('yolo');
    assert.match(refusing.warnings[0] ?? '', /could not be put back: busy/);
    const without = kept(choice('special', ['special', 'yolo']));
    await without.left('yolo');
    assert.match(without.warnings[0] ?? '', /offers no mode that asks/);
  });

  it('is not fought about', async () => {
    const { sets, warnings, left } = kept(choice('default', gemini));
    for (let time = 0; time < 6; time++) {
      await left('yolo');
      await left('default');
    }
    assert.equal(sets.length, 2);
    assert.equal(warnings.length, 3);
    assert.match(warnings[2] ?? '', /is left there now/);
  });

  it('is not found in updates of another shape', async () => {
    const { keeper, sets, warnings } = kept(choice('default', gemini));
    for (const update of [
      null,
      'x',
      {},
      { sessionUpdate: 'current_mode_update' },
      { sessionUpdate: 'current_mode_update', currentModeId: 7 },
    ]) {
      keeper.heard(update);
    }
    keeper.heard({ sessionUpdate: 'config_option_update', configOptions: [{ id: 'mode', category: 'mode' }] });
    keeper.heard({ sessionUpdate: 'config_option_update', configOptions: 'none' });
    await setImmediate();
    assert.deepEqual([sets, warnings], [[], []]);
  });
});
