import type { settingSchemas } from '../../../server/protocol/settings.ts';
import { absent, hash, type Verb } from '../verb.ts';

/** Those that take any large number, so that no two calls set the same; each sender has one of its own. */
const names = [
  'agent.memoryMb',
  'agent.openFiles',
  'supervisor.maxDelayMs',
  'agent.processes',
] as const satisfies (keyof typeof settingSchemas)[];

export const settingsPut: Verb = {
  effect: 'replaces',
  mayRepeat: true,
  attempt(stage, sender) {
    const name = names[stage.facts.index % names.length] ?? names[0];
    const value = 128 + sender.n;
    return {
      entry: {
        verb: 'settings/put',
        sender: sender.name,
        n: sender.n,
        key: name,
        bodyHash: hash(String(value)),
        audits: [`settings_changed ${name}=${value}`],
      },
      perform: async (voice) => void (await voice.call('settings/put', { values: { [name]: value } })),
    };
  },
  find(data, { key }) {
    const row = data.one(data.sessions, 'select value from settings where name = ?', key);
    return row ? { copies: 1, bodyHash: hash(String(row.value)) } : absent;
  },
  audited: {
    settings_changed: ({ detail }) =>
      Object.entries(detail)
        .map(([name, value]) => `${name}=${value}`)
        .join(),
  },
};
