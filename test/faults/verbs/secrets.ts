import { absent, hash, type Verb } from '../verb.ts';

/** A window says that it keeps a secret under a name, or no longer does. */
export const secretRecord: Verb = {
  effect: 'replaces',
  mayRepeat: true,
  attempt(stage, sender) {
    const name = `key-${stage.facts.index}`;
    const deleted = stage.turn('secret/record') % 2 === 1;
    const audits = [`secret_recorded ${name} ${deleted}`];
    return {
      entry: { verb: 'secret/record', sender: sender.name, n: sender.n, key: name, bodyHash: hash(String(deleted)), audits },
      perform: async (voice) => void (await voice.call('secret/record', { name, deleted })),
    };
  },
  find(data, { key }) {
    const row = data.one(data.sessions, 'select name from secret_names where name = ?', key);
    return row ? { copies: 1, bodyHash: hash('false') } : { ...absent, bodyHash: hash('true') };
  },
  audited: { secret_recorded: ({ detail }) => `${detail.name} ${detail.deleted}` },
};
