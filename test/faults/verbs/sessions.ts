import { absent, hash, type Verb } from '../verb.ts';

export const sessionCreate: Verb = {
  effect: 'adds',
  mayRepeat: false,
  attempt(stage, sender) {
    const agent = stage.facts.restingAgent;
    return {
      // Its id is the product's to make.
      entry: { verb: 'session/create', sender: sender.name, n: sender.n, key: '', bodyHash: hash(agent), audits: [] },
      perform: async (voice) => (await voice.call('session/create', { agent })).id,
    };
  },
  find(data, { key }) {
    const row = data.one(data.sessions, 'select agent_id from sessions where id = ?', key);
    return row ? { copies: 1, bodyHash: hash(String(row.agent_id)) } : absent;
  },
};

/** The agent goes on in the other of its two sessions. */
export const sessionResume: Verb = {
  effect: 'replaces',
  mayRepeat: false,
  attempt(stage, sender) {
    const agent = stage.facts.pausedAgent;
    const session = stage.facts.pausedSessions[stage.turn('session/resume') % 2 === 0 ? 0 : 1];
    return {
      entry: { verb: 'session/resume', sender: sender.name, n: sender.n, key: agent, bodyHash: hash(session), audits: [] },
      perform: async (voice) => void (await voice.call('session/resume', { session })),
    };
  },
  find(data, { key }) {
    const row = data.one(data.btmsg, 'select session_id from agents where id = ?', key);
    return row ? { copies: 1, bodyHash: hash(String(row.session_id)) } : absent;
  },
};
