import { newId } from '../../../server/base/uuid.ts';
import { absent, hash, type Verb } from '../verb.ts';

const bodyOf = (name: string, trusted: boolean) => hash(JSON.stringify([name, trusted]));

export const projectAdd: Verb = {
  effect: 'adds',
  mayRepeat: true,
  attempt(stage, sender, random) {
    const path = stage.newFolder(newId());
    const trusted = random.chance(0.5);
    const name = `${sender.name} ${sender.n}`;
    return {
      entry: {
        verb: 'project/add',
        sender: sender.name,
        n: sender.n,
        key: path,
        bodyHash: bodyOf(name, trusted),
        audits: [`project_added ${path}`],
      },
      perform: async (voice) => void (await voice.call('project/add', { path, name, trusted })),
    };
  },
  find(data, { key }) {
    const copies = data.count(data.sessions, 'select count(*) as count from projects where path = ?', key);
    const row = data.one(data.sessions, 'select name, trusted from projects where path = ?', key);
    return row ? { copies, bodyHash: bodyOf(String(row.name), row.trusted === 1) } : absent;
  },
  audited: { project_added: ({ detail }) => String(detail.path) },
};

export const projectTrust: Verb = {
  effect: 'adds',
  mayRepeat: false,
  attempt(stage, sender) {
    const path = stage.newFolder(newId());
    return {
      entry: {
        verb: 'project/trust',
        sender: sender.name,
        n: sender.n,
        key: path,
        bodyHash: hash('trusted'),
        audits: [`project_trust_changed ${path}`],
      },
      async perform(voice) {
        const { id } = await voice.call('project/add', { path, name: `${sender.name} ${sender.n}` });
        await voice.call('project/trust', { project: id, trusted: true });
        return undefined;
      },
    };
  },
  find(data, { key }) {
    const row = data.one(data.sessions, 'select trusted from projects where path = ? and trusted = 1', key);
    return row ? { copies: 1, bodyHash: hash('trusted') } : absent;
  },
  audited: { project_trust_changed: ({ detail }) => String(detail.path) },
};

export const projectRemove: Verb = {
  effect: 'adds',
  mayRepeat: false,
  attempt(stage, sender) {
    const path = stage.newFolder(newId());
    return {
      entry: {
        verb: 'project/remove',
        sender: sender.name,
        n: sender.n,
        key: path,
        bodyHash: hash('removed'),
        audits: [`project_removed ${path}`],
      },
      async perform(voice) {
        const { id } = await voice.call('project/add', { path, name: `${sender.name} ${sender.n}` });
        await voice.call('project/remove', { project: id });
        return undefined;
      },
    };
  },
  find(data, { key }) {
    const row = data.one(data.sessions, 'select removed_at from projects where path = ? and removed_at is not null', key);
    return row ? { copies: 1, bodyHash: hash('removed') } : absent;
  },
  audited: { project_removed: ({ detail }) => String(detail.path) },
};
