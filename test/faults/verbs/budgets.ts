import { absent, hash, type Verb } from '../verb.ts';

/** Each call has an agent of its own, and a limit that no other has. */
export const budgetSet: Verb = {
  effect: 'adds',
  mayRepeat: false,
  attempt(stage, { name: sender, n }, random) {
    const name = `budget by ${sender} ${n}`;
    const tokens = random.between(1, 1_000_000_000);
    return {
      entry: { verb: 'budget/set', sender, n, key: name, bodyHash: hash(String(tokens)), audits: [`budget_set ${tokens}`] },
      async perform(voice) {
        const { id } = await voice.call('agent/add', { project: stage.facts.project, name, provider: 'demo' });
        await voice.call('budget/set', { scope: 'agent', of: id, tokens });
        return undefined;
      },
    };
  },
  find(data, { key }) {
    const agent = data.one(data.btmsg, 'select id from agents where name = ?', key);
    const row = agent && data.one(data.btmsg, `select amount from budget_limits where of_id = ? and unit = 'tokens'`, agent.id ?? '');
    return row ? { copies: 1, bodyHash: hash(String(row.amount)) } : absent;
  },
  audited: { budget_set: ({ detail }) => String(detail.tokens) },
};
