import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NoticeAbout } from '../../../server/protocol/notice.ts';
import { inEnglish, noticeWords } from '../../../server/protocol/notice-text.ts';

const turnFailed = { kind: 'turnFailed', agent: 'ada', detail: '' } as const;
const worded: [NoticeAbout, string, string][] = [
  [{ kind: 'turnFinished', agent: 'ada', session: 'Fix the login' }, 'ada has finished', 'Fix the login'],
  [{ ...turnFailed, reason: 'failed', detail: 'No key.' }, 'ada: the turn failed', 'No key.'],
  [{ ...turnFailed, reason: 'failed' }, 'ada: the turn failed', 'It ended with an error.'],
  [{ ...turnFailed, reason: 'refused' }, 'ada: the turn failed', 'The model would not go on.'],
  [{ ...turnFailed, reason: 'limit' }, 'ada: the turn failed', 'It reached a limit of turns, tokens or money.'],
  [{ ...turnFailed, reason: 'crashed' }, 'ada crashed in the middle of a turn', 'Its program went away, and nothing told why.'],
  [{ kind: 'agentFailed', agent: 'ada', detail: 'It flaps.' }, 'ada has failed', 'It flaps.'],
  [{ kind: 'question', agent: 'ada', question: 'Run rm?' }, 'ada waits for your answer', 'Run rm?'],
  [{ kind: 'message', agent: 'ada', excerpt: 'Done.', expectsReply: false }, 'ada wrote to you', 'Done.'],
  [{ kind: 'message', agent: 'ada', excerpt: 'Which?', expectsReply: true }, 'ada wrote to you and waits for a reply', 'Which?'],
  [{ kind: 'deadLetter', from: 'ada', to: 'bob', error: 'Late.' }, 'A message from ada to bob was not delivered', 'Late.'],
  [{ kind: 'taskDone', number: 7, task: 'Login', by: 'ada' }, 'ada has finished task 7', 'Login'],
  [
    { kind: 'retentionAhead', messages: 7, days: 90, date: '2026-12-06' },
    'Messages older than 90 days will be archived from 2026-12-06 on',
    '7 messages leave the database then and stay readable in files. Begin now, or set another time.',
  ],
  [
    { kind: 'storageGrown', name: 'quarantine', mib: 600 },
    'quarantine has grown to 600 MiB',
    'The storage card says what else takes up space.',
  ],
  [{ kind: 'problem', problem: 'Full.' }, 'The backend has a problem', 'Full.'],
  [{ kind: 'problemGone', problem: 'Full.' }, 'A problem of the backend is gone', 'Full.'],
];
for (const [about, title, text] of worded) {
  test(`says "${title}: ${text}"`, () => assert.deepEqual(noticeWords(about, inEnglish), { title, text }));
}

test('says how much of the disk is left', () => {
  const { title, text } = noticeWords({ kind: 'diskLow', freeMib: 5 }, inEnglish);
  assert.equal(title, 'The disk is nearly full');
  assert.match(text, /^5 MiB are free/);
});

test('what an agent wrote is filled in and never filled further', () => {
  const about = { kind: 'deadLetter', from: '{1}', to: '$& {0}', error: '' } as const;
  assert.equal(noticeWords(about, inEnglish).title, 'A message from {1} to $& {0} was not delivered');
});
