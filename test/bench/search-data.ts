/** A data directory with as many messages as wanted, in words that are as unevenly common as those of a language. */
import { mkdirSync } from 'node:fs';
import { dataPaths } from '../../server/base/data-paths.ts';
import { rowHash } from '../../server/store/row-hash.ts';
import { openStores, type Stores } from '../../server/stores.ts';

const vocabulary = 30_000;
const agents = 50;
const perTransaction = 5_000;
const syllables = [
  'ba',
  'co',
  'di',
  'fu',
  'ge',
  'ha',
  'jo',
  'ki',
  'lu',
  'me',
  'na',
  'po',
  'qui',
  'ro',
  'su',
  'ta',
  'ver',
  'wa',
  'xen',
  'zi',
];

export type Random = (below: number) => number;

/** The same numbers at each run. */
export function random(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state / 4_294_967_296) * below;
  };
}

export const id = (kind: number, number: number) =>
  `${kind.toString(16).padStart(8, '0')}-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;

/** The word at this place of how common it is; the first is the most common. */
export function word(rank: number): string {
  let text = '';
  for (let rest = rank + 400; rest > 0; rest = Math.floor(rest / 20)) text += syllables[rest % 20];
  return text;
}

/** 300 to 600 characters; one in five names something that nothing else does. */
export function sentence(next: Random, number: number): string {
  const words: string[] = [];
  const chars = 300 + next(300);
  for (let length = 0; length < chars; ) {
    const chosen = word(Math.floor(vocabulary ** next(1)) - 1);
    words.push(chosen);
    length += chosen.length + 1;
  }
  if (number % 5 === 0) words.push(`unique${number}`);
  return words.join(' ');
}

export function makeData(dir: string, messages: number): Stores {
  mkdirSync(dir, { recursive: true });
  const stores = openStores(dataPaths(dir));
  stores.sessions.write(() => makeSessions(stores));
  const say = speaker(stores);
  const next = random(7);
  for (let begun = 0; begun < messages; begun += perTransaction) {
    stores.sessions.write(() => {
      for (let number = begun; number < Math.min(messages, begun + perTransaction); number += 1) say(number, sentence(next, number));
    });
  }
  return stores;
}

/** Puts one message more into the transcripts. */
export function speaker({ sessions: { db } }: Stores): (number: number, text: string) => void {
  const put = db.prepare('insert into items (id, session_id, ordinal, kind, is_open, body, row_hash) values (?, ?, ?, ?, 0, ?, ?)');
  return (number, text) => {
    const [itemId, sessionId] = [id(5, number), id(4, number % agents)];
    const item = { id: itemId, turnId: null, ordinal: number, at: 1_700_000_000_000 + number, kind: 'text', text };
    const body = JSON.stringify({ ...item, complete: true, interrupted: false });
    put.run(itemId, sessionId, number, 'text', body, rowHash([itemId, sessionId, number, 'text', 0, body]));
  };
}

function makeSessions({ sessions, btmsg }: Stores): void {
  const project = id(1, 1);
  sessions.db.prepare(`insert into projects values (?, 'bench', '/bench', 1, 0, null, '')`).run(project);
  const session = sessions.db.prepare(
    `insert into sessions values (?, ?, ?, 'A session', null, null, null, 0, 0, 0, null, null, 0, 0, '')`,
  );
  const agent = btmsg.db.prepare(`insert into agents values (?, ?, ?, 'demo', '[]', null, '{}', null, 'none', 0, null, 0, null, '')`);
  for (let number = 0; number < agents; number += 1) {
    agent.run(id(3, number), project, `agent${number}`);
    session.run(id(4, number), id(3, number), project);
  }
}
