/** `agor approve` and `agor deny`: a person's answer to what an agent asks. */
import type { Command } from 'commander';
import { resolveReference } from '../../base/resolve-reference.ts';
import type { Decision } from '../../protocol/agent-event.ts';
import type { Approval } from '../../protocol/approval.ts';
import { AgorError } from '../../protocol/errors.ts';
import { shortId } from '../../protocol/ids.ts';
import type { Connection } from '../connection.ts';
import { type Invocation, run } from '../invocation.ts';
import type { Outcome } from '../output.ts';
import { exact, oneLine } from '../printable.ts';
import { questionLines } from '../question-text.ts';
import type { Style } from '../style.ts';
import { agoText } from '../time-text.ts';
import { answerTexts } from '../transcript.ts';

type ApproveOptions = { readonly session?: boolean; readonly list?: boolean; readonly all?: boolean };
type DenyOptions = { readonly message?: string };
type Answer = { readonly decision: Decision; readonly message?: string };

const approveHelp = `
What is asked is shown exactly: characters that cannot be seen are written as \\u{…}. Agents cannot approve: the
command refuses where it is run by one.

Examples:
  agor approve --list
  agor approve                     the only open question
  agor approve 9c1e55d0 --session`;

export function addApprovalCommands(program: Command): void {
  program
    .command('approve')
    .summary('allow what an agent asks, or list what is asked')
    .description('Allows what an agent asks permission for. Without an id, the only open question.')
    .argument('[approval]', 'id of the question')
    .option('-s, --session', 'allow the like for the rest of the session')
    .option('-l, --list', 'list the open questions, and answer none')
    .option('--all', 'with --list: answered ones too')
    .addHelpText('after', approveHelp)
    .action(run(approve));
  program
    .command('deny')
    .summary('deny what an agent asks')
    .description('Denies what an agent asks permission for. Without an id, the only open question.')
    .argument('[approval]', 'id of the question')
    .option('-m, --message <text>', 'tell the agent why, or what to do instead')
    .action(run(deny));
}

async function approve(invocation: Invocation, typed: string | undefined, options: ApproveOptions): Promise<Outcome> {
  if (options.list || options.all) return listApprovals(invocation, options);
  return answer(invocation, typed, { decision: options.session ? 'allowSession' : 'allowOnce' });
}

async function deny(invocation: Invocation, typed: string | undefined, { message }: DenyOptions): Promise<Outcome> {
  return answer(invocation, typed, { decision: 'deny', ...(message === undefined ? {} : { message }) });
}

async function listApprovals(invocation: Invocation, { all }: ApproveOptions): Promise<Outcome> {
  const backend = await invocation.backend();
  const { approvals } = await backend.call('approval/list', all ? { all } : {});
  const names = await agentNames(backend);
  return {
    json: { approvals },
    lines: (style) =>
      approvals.length === 0
        ? ['No question is open.']
        : approvals.flatMap((approval) => [...approvalLines(approval, names, { now: invocation.now, style }), '']).slice(0, -1),
  };
}

async function answer(invocation: Invocation, typed: string | undefined, given: Answer): Promise<Outcome> {
  if (invocation.env.AGOR_RUN_TOKEN) {
    throw new AgorError('refused', 'An agent may not answer questions; a person does that in another terminal or in VS Code.');
  }
  const backend = await invocation.backend();
  const { approvals } = await backend.call('approval/list', {});
  const names = await agentNames(backend);
  const asked = typed === undefined ? onlyOpen(approvals, names) : await named(backend, typed, approvals);
  const answered = await backend.call('approval/answer', { approval: asked.id, hash: asked.hash, ...given });
  return {
    json: answered,
    lines: (style) => [...approvalLines(asked, names, { now: invocation.now, style }), style('bold', `→ ${answerTexts[answered.state]}`)],
  };
}

/** One that was settled before is found too: the backend then says what became of it. */
async function named(backend: Connection, typed: string, open: readonly Approval[]): Promise<Approval> {
  if (open.some(({ id }) => id.startsWith(typed) || id.endsWith(typed))) return resolveReference('question', typed, open);
  const { approvals } = await backend.call('approval/list', { all: true });
  return resolveReference('question', typed, approvals);
}

function onlyOpen(approvals: readonly Approval[], names: ReadonlyMap<string, string>): Approval {
  const [only, ...others] = approvals;
  if (!only) throw new AgorError('notFound', 'No question is open.');
  if (others.length === 0) return only;
  const list = approvals.map(
    ({ id, agentId, request }) => `\n  ${shortId(id)}  ${names.get(agentId) ?? ''}: ${exact(oneLine(request.title))}`,
  );
  throw new AgorError('ambiguous', `${approvals.length} questions are open; name one:${list.join('')}`);
}

async function agentNames(backend: Connection): Promise<ReadonlyMap<string, string>> {
  const { agents } = await backend.call('agent/list', {});
  return new Map(agents.map(({ id, name }) => [id, oneLine(name, 40)]));
}

function approvalLines(
  approval: Approval,
  names: ReadonlyMap<string, string>,
  view: { readonly now: number; readonly style: Style },
): string[] {
  const who = names.get(approval.agentId) ?? shortId(approval.agentId);
  const state = approval.state === 'open' ? '' : `, ${answerTexts[approval.state]}`;
  return [
    `${view.style('cyan', shortId(approval.id))}  ${who} asked ${agoText(approval.askedAt, view.now)}${state}:`,
    ...questionLines(approval.request, view.style),
  ];
}
