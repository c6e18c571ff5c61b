import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import {
  describeBell,
  mayToast,
  noNotices,
  noticeIcons,
  toastOf,
  typeName,
  withChange,
} from '../../../../extension/notices/notice-model.ts';
import { keptNotices, Notice, NoticeType } from '../../../../server/protocol/notice.ts';
import { plainTranslate as t } from '../../../support/plain-translate.ts';

const [first, second] = [sample(), sample()];
const both = { notices: [first, second], unread: 2 };

test('what is new comes first, and what has happened again moves there', () => {
  const third = sample();
  const again = { ...second, count: 2 };
  assert.deepEqual(withChange(both, { notices: [third], raised: [third.id], isCleared: false, unread: 3 }), {
    notices: [third, first, second],
    unread: 3,
  });
  assert.deepEqual(withChange(both, { notices: [again], raised: [again.id], isCleared: false, unread: 2 }).notices, [again, first]);
});

test('what was read keeps its place, and what was cleared is gone', () => {
  const read = { ...second, isRead: true };
  assert.deepEqual(withChange(both, { notices: [read], raised: [], isCleared: false, unread: 1 }), { notices: [first, read], unread: 1 });
  assert.deepEqual(withChange(both, { notices: [], raised: [], isCleared: true, unread: 0 }), noNotices);
});

test('no more are shown than are kept', () => {
  const full = { notices: Array.from({ length: keptNotices }, () => sample()), unread: keptNotices };
  const news = sample();
  const { notices } = withChange(full, { notices: [news], raised: [news.id], isCleared: false, unread: keptNotices });
  assert.deepEqual([notices.length, notices[0]], [keptNotices, news]);
});

test('every type has a name and an icon of its own', () => {
  const names = NoticeType.options.map((type) => typeName(type, t));
  assert.equal(new Set(names).size, NoticeType.options.length);
  assert.equal(new Set(Object.values(noticeIcons)).size, NoticeType.options.length);
});

test('what a person has to act on stays on the screen, the rest passes by', () => {
  assert.deepEqual(
    NoticeType.options.map((type) => [type, toastOf(sample({ type }))]),
    [
      ['success', 'passing'],
      ['error', 'error'],
      ['warning', 'warning'],
      ['info', 'passing'],
      ['agent_complete', 'passing'],
      ['agent_error', 'error'],
    ],
  );
});

test('a warning that asks for nothing passes by too', () => {
  const toastOfAbout = (about: Notice['about']) => toastOf(sample({ type: 'warning', about }));
  assert.equal(toastOfAbout({ kind: 'storageGrown', name: 'logs', mib: 900 }), 'passing');
  assert.equal(toastOfAbout({ kind: 'sharedFile', agents: 'one and two', file: 'a.ts' }), 'passing');
  assert.equal(toastOfAbout({ kind: 'question', agent: 'one', question: 'May I?' }), 'warning');
  assert.equal(toastOfAbout({ kind: 'secretWithheld', agent: 'one', secret: 'KEY' }), 'warning');
});

test('nothing comes onto the screen that is muted, or while the person is not to be disturbed', () => {
  const error = sample({ type: 'error' });
  assert.equal(mayToast(error, { doNotDisturb: false, types: ['error'] }), true);
  assert.equal(mayToast(error, { doNotDisturb: false, types: ['warning'] }), false);
  assert.equal(mayToast(error, { doNotDisturb: true, types: ['error'] }), false);
});

const bells: [number, boolean, string, string][] = [
  [0, false, '$(bell)', 'No unread notifications of agents'],
  [1, false, '$(bell-dot) 1', '1 unread notification'],
  [3, false, '$(bell-dot) 3', '3 unread notifications'],
  [3, true, '$(bell-slash) 3', '3 unread notifications, do not disturb is on'],
];
for (const [unread, quiet, text, label] of bells) {
  test(`the bell shows ${text} and says "${label}"`, () => assert.deepEqual(describeBell(unread, quiet, t), { text, label }));
}

function sample(fields: Partial<Pick<Notice, 'type' | 'about'>> = {}): Notice {
  const about = { kind: 'problem', problem: '' };
  const told = { type: 'info', about, place: { kind: 'backend' }, title: 'title', text: '', at: 1, count: 1, isRead: false };
  return Notice.parse({ id: randomUUID(), ...told, ...fields });
}
