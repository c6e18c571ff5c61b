import { absent, hash, type Verb } from '../verb.ts';

export const viewPut: Verb = {
  effect: 'replaces',
  mayRepeat: true,
  attempt(_stage, sender, random) {
    const state = `${sender.n} ${random.text(random.between(0, 6_000))}`;
    return {
      entry: { verb: 'view/put', sender: sender.name, n: sender.n, key: sender.name, bodyHash: hash(state), audits: [] },
      perform: async (voice) => void (await voice.call('view/put', { view: 'faults', key: sender.name, state })),
    };
  },
  find(data, { key }) {
    const row = data.one(data.sessions, `select state from view_states where view = 'faults' and key = ?`, key);
    return row ? { copies: 1, bodyHash: hash(String(row.state)) } : absent;
  },
};
