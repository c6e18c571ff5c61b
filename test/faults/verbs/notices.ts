import { newId } from '../../../server/base/uuid.ts';
import type { NoticeId, TurnId } from '../../../server/protocol/ids.ts';
import { turnEnded, turnStarted } from '../../support/transcripts.ts';
import type { KeptData } from '../kept-data.ts';
import { absent, type Found, hash, type Verb, type Voice } from '../verb.ts';

export const noticeMarkRead = verbOf({
  verb: 'notice/markRead',
  effect: 'read',
  perform: (voice, notice) => voice.call('notice/markRead', { notice }),
  isDone: (row) => row === undefined || row.is_read === 1,
});

export const noticeClear = verbOf({
  verb: 'notice/clear',
  effect: 'cleared',
  perform: (voice) => voice.call('notice/clear', {}),
  isDone: (row) => row === undefined,
});

type NoticeVerb = {
  readonly verb: 'notice/markRead' | 'notice/clear';
  readonly effect: string;
  readonly perform: (voice: Voice, notice: NoticeId) => Promise<unknown>;
  /** Told what is left of the notice. One that is not there any more was cleared, or made room for newer ones. */
  readonly isDone: (row: ReturnType<KeptData['one']>) => boolean;
};

/** Each call has a turn of its own, whose end makes the notice. */
function verbOf({ verb, effect, perform, isDone }: NoticeVerb): Verb {
  return {
    effect: 'adds',
    mayRepeat: false,
    attempt(stage, sender) {
      const turnId = newId<TurnId>();
      return {
        entry: { verb, sender: sender.name, n: sender.n, key: turnId, bodyHash: hash(effect), audits: [`turn_ended ${turnId}`] },
        async perform(voice) {
          stage.tell(turnStarted(turnId), turnEnded(turnId));
          await voice.append();
          const { notices } = await voice.call('notice/list', { unread: true });
          const { tellingAgent } = stage.facts;
          const raised = notices.find(({ place }) => place.kind === 'turn' && place.agentId === tellingAgent);
          if (!raised) throw new Error('the end of a turn made no notice');
          await perform(voice, raised.id);
          return undefined;
        },
      };
    },
    find: (data, { key }) => found(data, key, { effect, isDone }),
  };
}

/** What was noticed is known by its key, also when the notice is gone. */
function found(data: KeptData, turnId: string, { effect, isDone }: Pick<NoticeVerb, 'effect' | 'isDone'>): Found {
  if (!data.one(data.sessions, 'select 1 from notice_keys where key = ?', `turn ${turnId}`)) return absent;
  const row = data.one(
    data.sessions,
    `select n.is_read from notices n join items i on i.id = json_extract(n.place, '$.itemId') where json_extract(i.body, '$.turnId') = ?`,
    turnId,
  );
  return isDone(row) ? { copies: 1, bodyHash: hash(effect) } : absent;
}
