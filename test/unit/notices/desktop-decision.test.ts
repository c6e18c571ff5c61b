import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { desktopWords, mayTellDesktop } from '../../../server/notices/desktop-decision.ts';
import { Windows } from '../../../server/notices/windows.ts';
import { Notice } from '../../../server/protocol/notice.ts';
import { inEnglish } from '../../../server/protocol/notice-text.ts';
import { defaultSettings, type Setting, type Settings } from '../../../server/protocol/settings.ts';

const cases: [string, Partial<Settings>, boolean, boolean][] = [
  ['while no window is looked at', {}, false, true],
  ['not while one is, which shows it', {}, true, false],
  ['also then, when that is wished', { 'notifications.desktop': 'always' }, true, true],
  ['never when it is off', { 'notifications.desktop': 'off' }, false, false],
  ['not while the person is not to be disturbed', { 'notifications.doNotDisturb': true }, false, false],
  ['nothing of a type that is muted', { 'notifications.types': ['error'] }, false, false],
];
for (const [name, set, isAnyFocused, expected] of cases) {
  test(`the desktop is told ${name}`, () => {
    assert.equal(mayTellDesktop({ type: 'warning' }, { setting: settingOf(set), isAnyFocused }), expected);
  });
}

test('three at once are told one by one, and more as one', () => {
  const three = desktopWords([notice('a'), notice('b', 2), notice('c')], inEnglish);
  assert.deepEqual(
    three.map(({ title, text }) => [title, text]),
    [
      ['a has finished', 'session'],
      ['b has finished (2 times)', 'session'],
      ['c has finished', 'session'],
    ],
  );
  const [all, ...others] = desktopWords(
    ['a', 'b', 'c', 'd'].map((agent) => notice(agent)),
    inEnglish,
  );
  assert.deepEqual([all?.title, all?.text.split('\n').length, others], ['4 notifications of agents', 4, []]);
  assert.deepEqual(desktopWords([], inEnglish), []);
});

test('the desktop is told in the language of the window that began last', () => {
  const windows = new Windows();
  windows.speak({ '{0} has finished': '{0} ist fertig', '{0} times': '{0}-mal' });
  assert.deepEqual(desktopWords([notice('a', 2)], windows.wording)[0]?.title, 'a ist fertig (2-mal)');
  windows.speak({});
  assert.deepEqual(desktopWords([notice('a', 2)], windows.wording)[0]?.title, 'a has finished (2 times)');
});

function settingOf(set: Partial<Settings>): Setting {
  return (name) => set[name] ?? defaultSettings[name];
}

function notice(agent: string, count = 1): Notice {
  const place = { kind: 'agent', agentId: randomUUID() };
  const about = { kind: 'turnFinished', agent, session: 'session' };
  const words = { title: `${agent} has finished`, text: 'session' };
  return Notice.parse({ id: randomUUID(), type: 'agent_complete', about, place, ...words, at: 1, count, isRead: false });
}
