/** A question of an agent in a list: who asks, where, what it may be answered together with, and all of what is asked. */
import type { Approval } from '../protocol/approval.ts';
import { shortId } from '../protocol/ids.ts';
import type { Connection } from './connection.ts';
import { filledLines } from './form-text.ts';
import { exactLine, oneLine } from './printable.ts';
import { questionLines } from './question-text.ts';
import type { Style } from './style.ts';
import { agoText } from './time-text.ts';
import { answerTexts } from './transcript.ts';

export type Names = ReadonlyMap<string, string>;
type View = { readonly names: Names; readonly now: number; readonly style: Style };

/** Of agents and projects, by their ids. */
export async function namesOf(backend: Connection): Promise<Names> {
  const [{ agents }, { projects }] = await Promise.all([backend.call('agent/list', {}), backend.call('project/list', {})]);
  return new Map([...agents, ...projects].map(({ id, name }) => [id, oneLine(name, 40)]));
}

export function approvalLines(approval: Approval, { names, now, style }: View): string[] {
  const { id, agentId, projectId, kindLabel, askedBecause } = approval;
  const who = names.get(agentId) ?? shortId(agentId);
  const where = names.get(projectId) ?? shortId(projectId);
  return [
    `${style('cyan', shortId(id))}  ${who} in ${where} asked ${agoText(approval.askedAt, now)}${standing(approval, now)}:`,
    ...questionLines(approval.request, style),
    ...filledLines(approval.values ?? {}),
    `  kind    ${exactLine(kindLabel)}`,
    ...(askedBecause === null ? [] : [`  why you ${askedBecause}`]),
  ];
}

/** What became of it, or until when it waits. */
function standing({ state, answeredBy, expiresAt }: Approval, now: number): string {
  if (state === 'open') return expiresAt === null ? '' : `, denied ${untilText(expiresAt, now)} unless it is answered`;
  const by = answeredBy?.startsWith('rule:') ? ' by a rule' : answeredBy?.startsWith('mode:') ? " by the agent's mode" : '';
  return `, ${answerTexts[state]}${by}`;
}

function untilText(at: number, now: number): string {
  const minutes = Math.ceil((at - now) / 60_000);
  return minutes <= 0 ? 'now' : minutes === 1 ? 'in 1 minute' : `in ${minutes} minutes`;
}
