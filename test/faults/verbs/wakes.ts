import { absent, hash, type Verb } from '../verb.ts';

/** Of an agent that is paused, so that the wake waits; asked again, it is the same one until its prompt is taken back. */
export const wakeNow: Verb = {
  effect: 'replaces',
  mayRepeat: true,
  attempt(stage, sender) {
    const agent = stage.facts.pausedAgent;
    return {
      entry: { verb: 'wake/now', sender: sender.name, n: sender.n, key: agent, bodyHash: hash('woken'), audits: [] },
      perform: async (voice) => void (await voice.call('wake/now', { agent })),
    };
  },
  find(data, { key }) {
    const wake = data.one(data.btmsg, 'select id from wakes where agent_id = ? order by decided_at desc, id desc limit 1', key);
    if (!wake) return absent;
    const told = data.count(
      data.btmsg,
      `select count(*) as count from audit_log where event = 'wake_event' and json_extract(detail, '$.wakeId') = ?`,
      wake.id ?? '',
    );
    return { copies: 1, bodyHash: hash('woken'), ...(told === 1 ? {} : { broken: `it has ${told} audit rows` }) };
  },
};
