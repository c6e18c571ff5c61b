import { newId } from '../../../server/base/uuid.ts';
import type { PromptId } from '../../../server/protocol/ids.ts';
import type { KeptData } from '../kept-data.ts';
import { absent, type Found, hash, type Verb } from '../verb.ts';

export const agentPrompt: Verb = {
  effect: 'adds',
  mayRepeat: true,
  attempt(stage, sender, random) {
    const promptId = newId<PromptId>();
    const text = `${promptId} ${random.text(random.between(1, 2_000))}`;
    return {
      entry: { verb: 'agent/prompt', sender: sender.name, n: sender.n, key: promptId, bodyHash: hash(text), audits: [] },
      perform: async (voice) => void (await voice.call('agent/prompt', { agent: stage.facts.pausedAgent, text, promptId })),
    };
  },
  find: findPrompt,
};

/** Takes back what waits; without a running turn that is what an interruption means. */
export const agentInterrupt: Verb = {
  effect: 'adds',
  mayRepeat: false,
  attempt(stage, sender) {
    const promptId = newId<PromptId>();
    return {
      entry: { verb: 'agent/interrupt', sender: sender.name, n: sender.n, key: promptId, bodyHash: hash('dropped'), audits: [] },
      async perform(voice) {
        const agent = stage.facts.pausedAgent;
        await voice.call('agent/prompt', { agent, text: 'to be taken back', promptId });
        await voice.call('agent/interrupt', { agent });
        return undefined;
      },
    };
  },
  find(data, { key }) {
    const row = data.one(data.sessions, `select id from prompts where id = ? and state = 'dropped'`, key);
    return row ? { copies: 1, bodyHash: hash('dropped') } : absent;
  },
};

function findPrompt(data: KeptData, { key }: { readonly key: string }): Found {
  const prompt = data.one(data.sessions, 'select rowid as place, item_id, text from prompts where id = ?', key);
  if (!prompt) return absent;
  const item = data.one(data.sessions, 'select body from items where id = ?', prompt.item_id ?? '');
  const shown: unknown = item ? JSON.parse(String(item.body)).text : undefined;
  const broken = shown === prompt.text ? {} : { broken: 'the transcript does not show it' };
  return { copies: 1, bodyHash: hash(String(prompt.text)), place: Number(prompt.place), ...broken };
}
