import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { Desktop } from '../../../server/notices/desktop.ts';
import type { DesktopWords } from '../../../server/notices/desktop-decision.ts';
import type { ProgramOutcome } from '../../../server/notices/desktop-process.ts';
import { desktopPrograms } from '../../../server/notices/desktop-programs.ts';
import { Notice } from '../../../server/protocol/notice.ts';
import { inEnglish } from '../../../server/protocol/notice-text.ts';
import { defaultSettings, type Settings } from '../../../server/protocol/settings.ts';
import { FakeClock } from '../../support/fake-clock.ts';

function subject() {
  const clock = new FakeClock();
  const shown: (DesktopWords & { readonly by: string })[] = [];
  const logged: unknown[] = [];
  const facts = {
    isAnyFocused: false,
    unread: true,
    set: {} as Partial<Settings>,
    outcome: (_: string): ProgramOutcome => ({ kind: 'shown' }),
  };
  const desktop = new Desktop({
    clock,
    setting: (name) => facts.set[name] ?? defaultSettings[name],
    isAnyFocused: () => facts.isAnyFocused,
    wording: inEnglish,
    isUnread: () => facts.unread,
    programs: desktopPrograms('linux', {}),
    run: async ({ file }, words) => {
      shown.push({ ...words, by: file });
      return facts.outcome(file);
    },
    log: (_, fields) => void logged.push(fields),
  });
  const pass = async (ms: number) => {
    clock.advance(ms);
    await new Promise((resolve) => setImmediate(resolve));
  };
  const tell = async (...notices: Notice[]) => {
    desktop.tell(notices);
    await pass(2_000);
  };
  return { clock, desktop, facts, shown, logged, pass, tell };
}

test('what nobody looks at is shown a moment later, and what happened again meanwhile is one', async () => {
  const { desktop, shown, pass } = subject();
  const notice = sample();
  desktop.tell([notice]);
  desktop.tell([{ ...notice, count: 2 }]);
  await pass(1_999);
  assert.equal(shown.length, 0);
  await pass(1);
  assert.deepEqual(shown, [{ title: 'demo has finished (2 times)', text: 'session', by: 'notify-send' }]);
  assert.deepEqual(desktop.state, { state: 'shown', detail: 'notify-send' });
});

test('what is read by then is not shown, nor what a window was looked at for, at first or then', async () => {
  const { desktop, facts, shown, pass, tell } = subject();
  facts.unread = false;
  await tell(sample());
  facts.unread = true;
  desktop.tell([sample()]);
  facts.isAnyFocused = true;
  await pass(2_000);
  desktop.tell([sample()]);
  facts.isAnyFocused = false;
  await pass(2_000);
  assert.deepEqual(shown, []);
});

test('five in a minute are shown, and the next one says how many were not', async () => {
  const { shown, tell, pass } = subject();
  for (let count = 0; count < 8; count += 1) await tell(sample());
  assert.equal(shown.length, 5);
  await pass(60_000);
  await tell(sample());
  assert.match(shown.at(-1)?.text ?? '', /\n3 more were not shown here\.$/);
});

test('a program that is missing or fails leaves it to the next', async () => {
  const { desktop, facts, shown, tell, logged } = subject();
  facts.outcome = (file) => (file === 'gdbus' ? { kind: 'shown' } : { kind: 'missing' });
  await tell(sample());
  assert.deepEqual(
    shown.map(({ by }) => by),
    ['notify-send', 'gdbus'],
  );
  assert.deepEqual([desktop.state, logged], [{ state: 'shown', detail: 'gdbus' }, []]);
});

test('where none works that is said once, tried again later, and told when it works again', async () => {
  const { desktop, facts, shown, tell, pass, logged } = subject();
  let changes = 0;
  desktop.changed.on(() => {
    changes += 1;
  });
  facts.outcome = (file) => (file === 'gdbus' ? { kind: 'failed', why: 'no bus' } : { kind: 'missing' });
  for (let count = 0; count < 3; count += 1) await tell(sample());
  assert.equal(shown.length, 2);
  assert.deepEqual(desktop.state, { state: 'unavailable', detail: 'notify-send is not there; gdbus: no bus' });
  await pass(10 * 60_000);
  await tell(sample());
  assert.deepEqual([shown.length, logged.length, changes], [4, 1, 1]);
  await pass(10 * 60_000);
  facts.outcome = () => ({ kind: 'shown' });
  await tell(sample());
  assert.deepEqual([desktop.state.state, changes], ['shown', 2]);
});

test('it says when it is off', async () => {
  const { desktop, facts, shown, tell } = subject();
  facts.set = { 'notifications.desktop': 'off' };
  await tell(sample());
  assert.deepEqual([desktop.state, shown], [{ state: 'off', detail: '' }, []]);
});

test('nothing is shown after the end', async () => {
  const { desktop, shown, pass, clock } = subject();
  desktop.tell([sample()]);
  desktop.close();
  await pass(2_000);
  assert.deepEqual([shown, clock.waiting], [[], 0]);
});

function sample(): Notice {
  const about = { kind: 'turnFinished', agent: 'demo', session: 'session' };
  const place = { kind: 'agent', agentId: randomUUID() };
  const words = { title: 'demo has finished', text: 'session' };
  return Notice.parse({ id: randomUUID(), type: 'agent_complete', about, place, ...words, at: 1, count: 1, isRead: false });
}
