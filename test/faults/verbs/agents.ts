import { absent, hash, type Verb } from '../verb.ts';

const environmentOf = (mark: string) => ({ AGOR_FAULT_MARK: mark });

export const agentAdd: Verb = {
  effect: 'adds',
  mayRepeat: false,
  attempt(stage, sender, random) {
    const name = `added by ${sender.name} ${sender.n}`;
    const environment = environmentOf(random.text(200));
    return {
      entry: {
        verb: 'agent/add',
        sender: sender.name,
        n: sender.n,
        key: name,
        bodyHash: hash(JSON.stringify(environment)),
        audits: [`agent_registered ${name}`],
      },
      perform: async (voice) => void (await voice.call('agent/add', { project: stage.facts.project, name, provider: 'demo', environment })),
    };
  },
  find(data, { key }) {
    const copies = data.count(data.btmsg, 'select count(*) as count from agents where name = ?', key);
    const row = data.one(data.btmsg, 'select id, environment from agents where name = ?', key);
    if (!row) return absent;
    const settings = data.count(data.btmsg, 'select count(*) as count from agent_settings where agent_id = ?', row.id ?? '');
    const broken = settings === 1 ? {} : { broken: 'its settings are missing' };
    return { copies, bodyHash: hash(String(row.environment)), ...broken };
  },
  audited: { agent_registered: ({ detail }) => String(detail.name) },
};

export const agentRemove: Verb = {
  effect: 'adds',
  mayRepeat: false,
  attempt(stage, sender) {
    const name = `removed by ${sender.name} ${sender.n}`;
    return {
      entry: {
        verb: 'agent/remove',
        sender: sender.name,
        n: sender.n,
        key: name,
        bodyHash: hash('removed'),
        audits: [`agent_removed ${name}`],
      },
      async perform(voice) {
        const { id } = await voice.call('agent/add', { project: stage.facts.project, name, provider: 'demo' });
        await voice.call('agent/remove', { agent: id });
        return undefined;
      },
    };
  },
  find(data, { key }) {
    const row = data.one(data.btmsg, 'select id from agents where name = ? and removed_at is not null', key);
    return row ? { copies: 1, bodyHash: hash('removed') } : absent;
  },
  audited: { agent_removed: ({ detail }) => String(detail.name) },
};

export const agentConfigure: Verb = {
  effect: 'replaces',
  mayRepeat: false,
  attempt(stage, sender) {
    const agent = stage.facts.restingAgent;
    const model = `model-${sender.name}-${sender.n}`;
    return {
      entry: {
        verb: 'agent/configure',
        sender: sender.name,
        n: sender.n,
        key: agent,
        bodyHash: hash(model),
        audits: [`agent_configured ${model}`],
      },
      perform: async (voice) => void (await voice.call('agent/configure', { agent, model })),
    };
  },
  find(data, { key }) {
    const row = data.one(data.btmsg, 'select model from agents where id = ?', key);
    return row ? { copies: 1, bodyHash: hash(String(row.model)) } : absent;
  },
  audited: { agent_configured: ({ detail }) => String(detail.model) },
};

/** Pauses and resumes in turn, so that each call changes something. */
export const agentPause: Verb = {
  effect: 'replaces',
  mayRepeat: false,
  attempt(stage, sender) {
    const agent = stage.facts.restingAgent;
    const pauses = stage.turn('agent/pause') % 2 === 0;
    const audits = [`${pauses ? 'agent_paused' : 'agent_resumed'} ${agent}`];
    return {
      entry: { verb: 'agent/pause', sender: sender.name, n: sender.n, key: agent, bodyHash: hash(pauses ? '1' : '0'), audits },
      perform: async (voice) => void (await voice.call(pauses ? 'agent/pause' : 'agent/resume', { agent })),
    };
  },
  find(data, { key }) {
    const row = data.one(data.btmsg, 'select paused from agents where id = ?', key);
    return row ? { copies: 1, bodyHash: hash(String(row.paused)) } : absent;
  },
  audited: { agent_paused: ({ agentId }) => String(agentId), agent_resumed: ({ agentId }) => String(agentId) },
};
