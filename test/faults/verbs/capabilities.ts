import { absent, hash, type Verb, type Voice } from '../verb.ts';

const capability = 'send-messages';

export const capabilityRevoke = verbOf({
  verb: 'capability/revoke',
  event: 'capability_revoked',
  perform: async (voice, agent, reason) => void (await voice.call('capability/revoke', { agent, capabilities: [capability], reason })),
});

export const capabilityGrant = verbOf({
  verb: 'capability/grant',
  event: 'capability_granted',
  async perform(voice, agent, reason) {
    await voice.call('capability/revoke', { agent, capabilities: [capability] });
    await voice.call('capability/grant', { agent, capabilities: [capability], reason });
  },
});

type CapabilityVerb = {
  readonly verb: 'capability/revoke' | 'capability/grant';
  readonly event: 'capability_revoked' | 'capability_granted';
  readonly perform: (voice: Voice, agent: string, reason: string) => Promise<void>;
};

/** Each call has an agent of its own, and gives that agent's name as its reason. */
function verbOf({ verb, event, perform }: CapabilityVerb): Verb {
  return {
    effect: 'adds',
    mayRepeat: false,
    attempt(stage, { name: sender, n }) {
      const name = `${event} by ${sender} ${n}`;
      return {
        entry: { verb, sender, n, key: name, bodyHash: hash(verb), audits: [`${event} ${name}`] },
        async perform(voice) {
          const { id } = await voice.call('agent/add', { project: stage.facts.project, name, provider: 'demo' });
          await perform(voice, id, name);
          return undefined;
        },
      };
    },
    find(data, { key }) {
      const agent = data.one(data.btmsg, 'select id from agents where name = ?', key);
      if (!agent) return absent;
      const sql = 'select count(*) as count from capability_revocations where agent_id = ? and capability = ?';
      const isRevoked = data.count(data.btmsg, sql, agent.id ?? '', capability) === 1;
      return isRevoked === (verb === 'capability/revoke') ? { copies: 1, bodyHash: hash(verb) } : absent;
    },
    audited: { [event]: ({ detail }) => String(detail.reason) },
  };
}
