import type { KeptData } from '../kept-data.ts';
import type { Stage } from '../stage.ts';
import { absent, hash, type Sender, type Verb, type Voice } from '../verb.ts';

/** Each call has a task of its own, which is found again by its title. */
type TaskVerb = {
  readonly verb: 'task/edit' | 'task/assign' | 'task/move' | 'task/comment' | 'task/remove';
  readonly event: string;
  /** What the call leaves in the row that `find` selects. */
  readonly effect: (stage: Stage, mark: string) => string;
  readonly perform: (voice: Voice, task: string, effect: string) => Promise<unknown>;
  readonly find: (data: KeptData, title: string) => { readonly copies: number; readonly effect: string } | undefined;
};

export const taskAdd: Verb = {
  effect: 'adds',
  mayRepeat: false,
  attempt(stage, sender, random) {
    const title = titleOf('task/add', sender);
    const description = random.text(2_000);
    return {
      entry: {
        verb: 'task/add',
        sender: sender.name,
        n: sender.n,
        key: title,
        bodyHash: hash(description),
        audits: [`task_created ${title}`],
      },
      perform: async (voice) => void (await voice.call('task/add', { title, description, team: stage.facts.project })),
    };
  },
  find(data, { key }) {
    const copies = data.count(data.btmsg, 'select count(*) as count from tasks where title = ?', key);
    const row = data.one(data.btmsg, 'select description from tasks where title = ?', key);
    return row ? { copies, bodyHash: hash(String(row.description)) } : absent;
  },
  audited: { task_created: ({ detail }) => String(detail.title) },
};

export const taskEdit = verbOf({
  verb: 'task/edit',
  event: 'task_edited',
  effect: (_stage, mark) => mark,
  perform: (voice, task, description) => voice.call('task/edit', { task, description }),
  find: (data, title) => oneOf(data, "select description as effect from tasks where title = ? and description <> ''", title),
});

export const taskAssign = verbOf({
  verb: 'task/assign',
  event: 'task_assigned',
  effect: (stage) => stage.facts.restingAgent,
  perform: (voice, task, to) => voice.call('task/assign', { task, to }),
  find: (data, title) => oneOf(data, 'select assigned_to as effect from tasks where title = ? and assigned_to is not null', title),
});

export const taskMove = verbOf({
  verb: 'task/move',
  event: 'task_status_changed',
  effect: () => 'blocked',
  perform: (voice, task) => voice.call('task/move', { task, state: 'blocked' }),
  find: (data, title) => oneOf(data, "select status as effect from tasks where title = ? and status <> 'todo'", title),
});

export const taskRemove = verbOf({
  verb: 'task/remove',
  event: 'task_removed',
  effect: () => 'removed',
  perform: (voice, task) => voice.call('task/remove', { task }),
  find: (data, title) => oneOf(data, "select 'removed' as effect from tasks where title = ? and removed_at is not null", title),
});

export const taskComment = verbOf({
  verb: 'task/comment',
  event: 'task_commented',
  effect: (_stage, mark) => mark,
  perform: (voice, task, text) => voice.call('task/comment', { task, text }),
  find(data, title) {
    const comments = 'from task_comments c join tasks t on t.id = c.task_id where t.title = ?';
    const row = data.one(data.btmsg, `select c.content as effect ${comments}`, title);
    return row && { copies: data.count(data.btmsg, `select count(*) as count ${comments}`, title), effect: String(row.effect) };
  },
});

function verbOf({ verb, event, effect, perform, find }: TaskVerb): Verb {
  return {
    effect: 'adds',
    mayRepeat: false,
    attempt(stage, sender, random) {
      const title = titleOf(verb, sender);
      const expected = effect(stage, random.text(200));
      return {
        entry: { verb, sender: sender.name, n: sender.n, key: title, bodyHash: hash(expected), audits: [`${event} ${title}`] },
        async perform(voice) {
          const { id } = await voice.call('task/add', { title, team: stage.facts.project });
          await perform(voice, id, expected);
          return undefined;
        },
      };
    },
    find(data, { key }) {
      const found = find(data, key);
      return found ? { copies: found.copies, bodyHash: hash(found.effect) } : absent;
    },
    audited: { [event]: ({ detail }) => String(detail.title) },
  };
}

function titleOf(verb: string, { name, n }: Sender): string {
  return `${verb} by ${name} ${n}`;
}

function oneOf(data: KeptData, sql: string, title: string): { copies: number; effect: string } | undefined {
  const row = data.one(data.btmsg, sql, title);
  return row && { copies: 1, effect: String(row.effect) };
}
