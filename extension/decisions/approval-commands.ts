/** Commands about the open questions of agents: answering one that is shown, all of a kind, and going through them. */
import { l10n } from 'vscode';
import type { Decision } from '../../server/protocol/agent-event.ts';
import type { Approval } from '../../server/protocol/approval.ts';
import { AgorError } from '../../server/protocol/errors.ts';
import type { RuleEffect } from '../../server/protocol/rule.ts';
import { type CommandFunction, type CommandHost, idOf } from '../command-host.ts';
import { linesBehindItems } from './answer-rows.ts';
import { giveAnswer, giveValues, tellNotAnswered, tellTooSoon } from './decision-answers.ts';
import { answerBatch } from './decision-batch.ts';
import { addRule } from './decision-rule.ts';
import { askerOf, ofTheSameKind, type ShownQuestion } from './decision-words.ts';

/** Run on an agent, only its own. */
export async function answerApproval(host: CommandHost, argument: unknown): Promise<void> {
  await host.fleet.whenLoaded();
  const agentId = idOf(argument, 'agent');
  const isAsked = host.fleet.state.approvals.some((approval) => !agentId || approval.agentId === agentId);
  if (!isAsked) throw new AgorError('notFound', l10n.t('No agent waits for an approval.'));
  host.answers.show(agentId);
}

export const allowDecision: CommandFunction = (host, argument) => answerShown(host, argument, 'allowOnce');
export const allowDecisionForSession: CommandFunction = (host, argument) => answerShown(host, argument, 'allowSession');
export const denyDecision: CommandFunction = (host, argument) => answerShown(host, argument, 'deny');
export const alwaysAllow: CommandFunction = (host, argument) => makeRule(host, argument, 'always');
export const neverAllow: CommandFunction = (host, argument) => makeRule(host, argument, 'never');

/** All of it, beside the list. */
export async function showDecision(host: CommandHost, argument: unknown): Promise<void> {
  const approval = openOne(host, shownIn(argument));
  if (approval) await host.questions.show([approval], { linesAbove: 0, keyboard: 'leave' });
}

/** Each is shown whole while they are chosen from. */
export async function answerAllOfKind(host: CommandHost, argument: unknown): Promise<void> {
  const { fleet, backend } = host;
  const approval = openOne(host, shownIn(argument));
  if (!approval) return;
  const approvals = ofTheSameKind(fleet.state.approvals, approval);
  const answer = () => answerBatch(backend, { approvals, askerOf: (one) => askerOf(fleet.state, one, l10n.t) });
  const refusal = await besideIt(host, approvals, answer);
  if (refusal) tellNotAnswered(refusal);
}

/** A list that asks for how long is as high as that. */
const mostDurations = 3;

/** From the view, or from a conversation, which keeps a grace of its own. */
async function answerShown(host: CommandHost, argument: unknown, decision: Decision): Promise<void> {
  const shown = shownIn(argument);
  if (host.decisions.isTooSoon(shown)) return tellTooSoon();
  const asked = decision === 'allowOnce' ? host.fleet.approval(shown.id) : undefined;
  const refusal = asked?.request.form ? await fillShown(host, shown, asked) : await giveAnswer(host.backend, shown, decision);
  if (refusal) tellNotAnswered(refusal);
}

/** What its fields are about is shown whole beside them. */
function fillShown(host: CommandHost, shown: ShownQuestion, asked: Approval): Promise<string | undefined> {
  return besideIt(host, [asked], () => giveValues(host.backend, shown, asked.request));
}

async function makeRule(host: CommandHost, argument: unknown, effect: RuleEffect): Promise<void> {
  const shown = shownIn(argument);
  if (host.decisions.isTooSoon(shown)) return tellTooSoon();
  const approval = openOne(host, shown);
  if (!approval) return;
  const asker = askerOf(host.fleet.state, approval, l10n.t);
  const make = () => addRule(host.backend, { shown, approval, asker, effect });
  // A conversation has it whole already.
  const refusal = isFromChat(argument) ? await make() : await besideIt(host, [approval], make);
  if (refusal) tellNotAnswered(refusal);
}

function isFromChat(argument: unknown): boolean {
  return typeof argument === 'object' && argument !== null && 'from' in argument && argument.from === 'chat';
}

/** What is decided on is shown whole for as long as it takes. */
async function besideIt<T>({ questions }: CommandHost, approvals: readonly Approval[], step: () => Promise<T>): Promise<T> {
  const document = await questions.show(approvals, {
    linesAbove: linesBehindItems(Math.max(mostDurations, approvals.length)),
    keyboard: 'leave',
  });
  try {
    return await step();
  } finally {
    await questions.close(document);
  }
}

/** They have no meaning without one, and the palette does not offer them. */
function shownIn(argument: unknown): ShownQuestion {
  const id = idOf(argument, 'decision');
  const hash = typeof argument === 'object' && argument !== null && 'hash' in argument ? argument.hash : undefined;
  if (!id || typeof hash !== 'string') throw new AgorError('badRequest', l10n.t('Choose a question in the view "Decisions".'));
  return { id, hash };
}

function openOne({ fleet }: CommandHost, { id }: ShownQuestion): Approval | undefined {
  const approval = fleet.approval(id);
  if (!approval) tellNotAnswered(l10n.t('The question was answered meanwhile, or is no longer asked. Nothing was changed.'));
  return approval;
}
