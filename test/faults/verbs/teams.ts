import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { absent, hash, type Verb } from '../verb.ts';

export const teamConfigure: Verb = {
  effect: 'replaces',
  mayRepeat: true,
  attempt(stage, sender) {
    const agent = stage.facts.restingAgent;
    const description = `described by ${sender.name} ${sender.n}`;
    const audits = [`role_changed ${description}`];
    return {
      entry: { verb: 'team/configure', sender: sender.name, n: sender.n, key: agent, bodyHash: hash(description), audits },
      perform: async (voice) => void (await voice.call('team/configure', { agent, description })),
    };
  },
  find(data, { key }) {
    const row = data.one(data.btmsg, 'select description from agent_profiles where agent_id = ?', key);
    return row ? { copies: 1, bodyHash: hash(String(row.description)) } : absent;
  },
  audited: { role_changed: ({ detail }) => String(detail.description) },
};

type Group = { readonly id: string; readonly name: string; readonly projects: readonly [] };

/** The backend may apply the file before it is asked to, which has the same effect; so its audit row is nobody's. */
export const groupApply: Verb = {
  effect: 'replaces',
  mayRepeat: true,
  attempt(stage, sender) {
    const id = `${stage.facts.project} ${sender.name}`;
    const name = `group ${sender.n}`;
    return {
      entry: { verb: 'group/apply', sender: sender.name, n: sender.n, key: id, bodyHash: hash(name), audits: [] },
      async perform(voice) {
        const { path } = await voice.call('group/show', {});
        declare(path, { id, name, projects: [] });
        const { isInForce, problems } = await voice.call('group/apply', {});
        if (!isInForce) throw new Error(problems.map(({ message }) => message).join(' '));
        return undefined;
      },
    };
  },
  find(data, { key }) {
    const row = data.one(data.btmsg, 'select name from groups where id = ?', key);
    return row ? { copies: 1, bodyHash: hash(String(row.name)) } : absent;
  },
};

/** Beside the groups of other senders, and whole at any moment. */
function declare(path: string, group: Group): void {
  mkdirSync(dirname(path), { recursive: true });
  const others = groupsIn(path).filter(({ id }) => id !== group.id);
  writeFileSync(`${path}.new`, JSON.stringify({ version: 1, groups: [...others, group] }));
  renameSync(`${path}.new`, path);
}

function groupsIn(path: string): Group[] {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).groups;
  } catch {
    // The first of all.
    return [];
  }
}
