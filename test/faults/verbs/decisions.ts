import { newId } from '../../../server/base/uuid.ts';
import type { AgentEvent, PermissionRequest } from '../../../server/protocol/agent-event.ts';
import type { ApprovalId, TurnId } from '../../../server/protocol/ids.ts';
import { hashOf } from '../../support/test-stores.ts';
import { permissionRequest, turnEnded, turnStarted } from '../../support/transcripts.ts';
import type { KeptData } from '../kept-data.ts';
import type { Entry } from '../ledger.ts';
import type { Stage } from '../stage.ts';
import { absent, type Found, hash, type Sender, type Verb, type Voice } from '../verb.ts';

const answered = `state not in ('open', 'withdrawn')`;

/** A rule and the answer that it was made with are one. */
export const ruleAdd: Verb = {
  effect: 'adds',
  mayRepeat: false,
  attempt(stage, sender) {
    const approvalId = newId<ApprovalId>();
    return {
      entry: entryOf('rule/add', sender, {
        key: approvalId,
        audits: [`rule_added ${commandOf(approvalId)}`, `approval_answered ${approvalId}`],
      }),
      perform: (voice) => inTurn(stage, voice, [approvalId], () => makeRule(voice, approvalId)),
    };
  },
  find(data, { key }) {
    const rules = rulesAbout(data, key);
    const isAnswered = data.one(data.btmsg, `select 1 from approvals where id = ? and ${answered}`, key) !== undefined;
    if (rules === 0 && !isAnswered) return absent;
    const broken = rules > 0 === isAnswered ? {} : { broken: 'the rule and its answer are not together' };
    return { copies: rules, bodyHash: hash('rule/add'), ...broken };
  },
  audited: { rule_added: ({ detail }) => commandIn(detail) },
};

/** One is made and taken away again, and what it answered stays answered. */
export const ruleRemove: Verb = {
  effect: 'adds',
  mayRepeat: false,
  attempt(stage, sender) {
    const approvalId = newId<ApprovalId>();
    const audits = ['rule_added', 'rule_removed'].map((event) => `${event} ${commandOf(approvalId)}`);
    return {
      entry: entryOf('rule/remove', sender, { key: approvalId, audits: [...audits, `approval_answered ${approvalId}`] }),
      perform: (voice) =>
        inTurn(stage, voice, [approvalId], async () => {
          const { rule } = await makeRule(voice, approvalId);
          await voice.call('rule/remove', { rule: rule.id });
        }),
    };
  },
  find(data, { key }) {
    const isAnswered = data.one(data.btmsg, `select 1 from approvals where id = ? and ${answered}`, key) !== undefined;
    return isAnswered && rulesAbout(data, key) === 0 ? { copies: 1, bodyHash: hash('rule/remove') } : absent;
  },
  audited: { rule_removed: ({ detail }) => commandIn(detail) },
};

/** Two questions of one kind; each answer is by itself, so one may be there without the other until it is acknowledged. */
export const answerAll: Verb = {
  effect: 'adds',
  mayRepeat: false,
  attempt(stage, sender) {
    const both = [newId<ApprovalId>(), newId<ApprovalId>()];
    return {
      entry: entryOf('approval/answerAll', sender, { key: both.join(' '), audits: both.map((id) => `approval_answered ${id}`) }),
      perform: (voice) =>
        inTurn(stage, voice, both, async () => {
          const answers = both.map((approval) => ({ approval, hash: hashOf(questionOf(approval)) }));
          const { refused } = await voice.call('approval/answerAll', { answers, decision: 'deny' });
          if (refused.length > 0) throw new Error(`not answered: ${refused.map(({ sentence }) => sentence).join(' ')}`);
        }),
    };
  },
  find(data, { key }) {
    const denied = key.split(' ').filter((id) => data.one(data.btmsg, `select 1 from approvals where id = ? and state = 'denied'`, id));
    return denied.length === 2 ? { copies: 1, bodyHash: hash('approval/answerAll') } : absent;
  },
};

/** Each call has an agent of its own. */
export const agentSetMode: Verb = {
  effect: 'adds',
  mayRepeat: false,
  attempt(stage, sender) {
    const name = `restricted by ${sender.name} ${sender.n}`;
    return {
      entry: entryOf('agent/setMode', sender, { key: name, audits: [`agent_mode_changed ${name}`] }),
      async perform(voice) {
        const { id } = await voice.call('agent/add', { project: stage.facts.project, name, provider: 'demo' });
        await voice.call('agent/setMode', { agent: id, mode: 'restricted' });
        return undefined;
      },
    };
  },
  find(data, { key }) {
    const sql = `select mode from agent_modes join agents on agents.id = agent_id where name = ? and mode = 'restricted'`;
    return data.one(data.btmsg, sql, key) ? { copies: 1, bodyHash: hash('agent/setMode') } : absent;
  },
  audited: { agent_mode_changed: ({ detail }) => String(detail.name) },
};

function entryOf(verb: string, { name: sender, n }: Sender, { key, audits }: Pick<Entry, 'key' | 'audits'>): Entry {
  return { verb, sender, n, key, bodyHash: hash(verb), audits };
}

/** The agent asks in a turn of its own, and a person does something about it. */
async function inTurn(stage: Stage, voice: Voice, questions: readonly ApprovalId[], decide: () => Promise<unknown>): Promise<undefined> {
  const turnId = newId<TurnId>();
  const asked = questions.map(
    (approvalId): AgentEvent => ({ type: 'permissionAsked', approvalId, toolItemId: null, request: questionOf(approvalId) }),
  );
  stage.tell(turnStarted(turnId), ...asked);
  await voice.append();
  await decide();
  stage.tell(turnEnded(turnId));
  await voice.append();
  return undefined;
}

/** No two are the same, so that no rule answers what another call asks. */
function questionOf(approvalId: ApprovalId): PermissionRequest {
  return { ...permissionRequest, command: commandOf(approvalId) };
}

function commandOf(approvalId: string): string {
  return `npm test ${approvalId}`;
}

function makeRule(voice: Voice, approvalId: ApprovalId) {
  return voice.call('rule/add', { approval: approvalId, hash: hashOf(questionOf(approvalId)), effect: 'always' });
}

function commandIn({ match }: Readonly<Record<string, unknown>>): string {
  return typeof match === 'object' && match !== null && 'command' in match ? String(match.command) : '';
}

function rulesAbout(data: KeptData, key: string): Found['copies'] {
  const sql = `select count(*) as count from approval_rules where json_extract(match, '$.command') = ?`;
  return data.count(data.btmsg, sql, commandOf(key));
}
