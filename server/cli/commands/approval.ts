/** `agor approve` and `agor deny`: a person's answer to what an agent asks. */
import { type Command, InvalidArgumentError } from 'commander';
import { resolveReference } from '../../base/resolve-reference.ts';
import type { Decision } from '../../protocol/agent-event.ts';
import type { Approval } from '../../protocol/approval.ts';
import { ruleDays } from '../../protocol/approval-requests.ts';
import { AgorError } from '../../protocol/errors.ts';
import type { FormValues } from '../../protocol/form.ts';
import { shortId } from '../../protocol/ids.ts';
import { approvalLines, type Names, namesOf } from '../approval-text.ts';
import type { Connection } from '../connection.ts';
import { askValues, valuesSet } from '../form-values.ts';
import { type Invocation, run } from '../invocation.ts';
import { type Outcome, write } from '../output.ts';
import { exact, oneLine } from '../printable.ts';
import { requirePerson } from '../require-person.ts';
import { styleFor } from '../style.ts';
import { answerTexts } from '../transcript.ts';
import { answerAllLike } from './approval-batch.ts';
import { answerByRule } from './approval-rule.ts';

type RuleOptions = { readonly days?: number | null; readonly folder?: string };
type ApproveOptions = RuleOptions & {
  readonly session?: boolean;
  readonly set?: readonly string[];
  readonly always?: boolean;
  readonly allLike?: string;
  readonly yes?: boolean;
  readonly list?: boolean;
  readonly all?: boolean;
};
type DenyOptions = RuleOptions & {
  readonly message?: string;
  readonly never?: boolean;
  readonly cancel?: boolean;
  readonly allLike?: string;
  readonly yes?: boolean;
};
type Answer = { readonly decision: Decision; readonly message?: string };

const approveHelp = `
What is asked is shown exactly: characters that cannot be seen are written as \\u{…}. Agents cannot approve: the
command refuses where it is run by one.

Examples:
  agor approve --list
  agor approve                     the only open question
  agor approve 9c1e55d0 --session
  agor approve 9c1e55d0 --always --days 7
  agor approve 9c1e55d0 --set stage=test --set copies=3      a question that asks for values
  agor approve --all-like 9c1e55d0`;

export function addApprovalCommands(program: Command): void {
  const approving = program
    .command('approve')
    .summary('allow what an agent asks, or list what is asked')
    .description('Allows what an agent asks permission for. Without an id, the only open question.')
    .argument('[approval]', 'id of the question')
    .option('-s, --session', 'allow the like for the rest of the session')
    .option('--set <field=value>', 'fill in a field of what is asked; a field several times: all of these', collected, [])
    .option('--always', 'make a rule: allow exactly this in this project from now on')
    .option('-l, --list', 'list the open questions, and answer none')
    .option('--all', 'with --list: answered ones too')
    .addHelpText('after', approveHelp);
  withMany(approving, 'allow').action(run(approve));
  const denying = program
    .command('deny')
    .summary('deny what an agent asks')
    .description('Denies what an agent asks permission for. Without an id, the only open question.')
    .argument('[approval]', 'id of the question')
    .option('--never', 'make a rule: deny exactly this in this project from now on')
    .option('--cancel', 'say neither yes nor no to a form')
    .option('-m, --message <text>', 'tell the agent why, or what to do instead');
  withMany(denying, 'deny').action(run(deny));
}

function withMany(command: Command, verb: string): Command {
  return command
    .option('--days <days>', `how long the rule holds: 1 to ${ruleDays.most}, or "forever" (default: ${ruleDays.usual})`, days)
    .option('--folder <folder>', 'with a rule about a file: everything below this folder of the project instead')
    .option('--all-like <approval>', `show all open questions of the same kind and project, then ${verb} them together`)
    .option('-y, --yes', 'with --all-like: do not ask once more');
}

function days(typed: string): number | null {
  if (typed === 'forever') return null;
  const number = Number(typed);
  if (/^\d+$/.test(typed) && number >= 1 && number <= ruleDays.most) return number;
  throw new InvalidArgumentError(`Give a whole number of days from 1 to ${ruleDays.most}, or "forever".`);
}

async function approve(invocation: Invocation, typed: string | undefined, options: ApproveOptions): Promise<Outcome> {
  if (options.list || options.all) return listApprovals(invocation, options);
  const decision = options.session ? 'allowSession' : 'allowOnce';
  if (options.always && options.session) throw new AgorError('badRequest', 'Give --session or --always, not both.');
  return settle(invocation, typed, { ...options, answer: { decision }, effect: options.always ? 'always' : undefined });
}

function collected(set: string, before: readonly string[]): readonly string[] {
  return [...before, set];
}

async function deny(invocation: Invocation, typed: string | undefined, options: DenyOptions): Promise<Outcome> {
  const { message, never, cancel } = options;
  if (cancel && never) throw new AgorError('badRequest', 'Give --cancel or --never, not both.');
  const answer: Answer = { decision: cancel ? 'cancel' : 'deny', ...(message === undefined ? {} : { message }) };
  return settle(invocation, typed, { ...options, answer, effect: never ? 'never' : undefined });
}

type Settling = RuleOptions & {
  readonly answer: Answer;
  readonly effect: 'always' | 'never' | undefined;
  readonly set?: readonly string[];
  readonly allLike?: string;
  readonly yes?: boolean;
};

async function settle(invocation: Invocation, typed: string | undefined, wish: Settling): Promise<Outcome> {
  requirePerson(invocation);
  checkWish(typed, wish);
  const backend = await invocation.backend();
  const names = await namesOf(backend);
  const { approvals } = await backend.call('approval/list', {});
  const reference = wish.allLike ?? typed;
  const asked = reference === undefined ? onlyOpen(approvals, names) : await named(backend, reference, approvals);
  if (wish.allLike !== undefined)
    return answerAllLike(invocation, { asked, open: approvals, names }, { ...wish.answer, isSure: wish.yes === true });
  if (wish.effect) return answerByRule(invocation, { asked, names }, { ...wish, effect: wish.effect });
  const values =
    wish.answer.decision === 'deny' || wish.answer.decision === 'cancel'
      ? undefined
      : await valuesFor(invocation, asked, names, wish.set ?? []);
  const filled = values === undefined ? {} : { values };
  const answered = await backend.call('approval/answer', { approval: asked.id, hash: asked.hash, ...wish.answer, ...filled });
  return {
    json: answered,
    lines: (style) => [...approvalLines(asked, { names, now: invocation.now, style }), style('bold', `→ ${answerTexts[answered.state]}`)],
  };
}

/** Of a form: those that were set, or that are typed now where somebody sits at the terminal. */
async function valuesFor(invocation: Invocation, asked: Approval, names: Names, set: readonly string[]): Promise<FormValues | undefined> {
  const { form } = asked.request;
  if (!form && set.length > 0) throw new AgorError('badRequest', 'This question asks for no values; leave --set out.');
  if (!form) return undefined;
  const isTerminal = !invocation.json && process.stdin.isTTY && process.stdout.isTTY;
  if (set.length > 0 || asked.state !== 'open' || !isTerminal) return valuesSet(form, set);
  const shown = approvalLines(asked, { names, now: invocation.now, style: styleFor(process.stdout) });
  await write(process.stdout, `${shown.join('\n')}\n`);
  return askValues(form);
}

/** What is typed for something that it would have no effect on was meant for something else. */
function checkWish(typed: string | undefined, { effect, allLike, yes, days, folder, answer, set = [] }: Settling): void {
  if (set.length > 0 && (effect || allLike !== undefined))
    throw new AgorError('badRequest', 'Values answer one question; leave --always and --all-like out.');
  if (allLike !== undefined && typed !== undefined)
    throw new AgorError('badRequest', 'Name one question: after the command, or with --all-like.');
  if (allLike !== undefined && effect) throw new AgorError('badRequest', 'A rule is made from one question; leave --all-like out.');
  if (allLike === undefined && yes) throw new AgorError('badRequest', '--yes goes with --all-like.');
  if (!effect && (days !== undefined || folder !== undefined)) {
    throw new AgorError('badRequest', '--days and --folder go with a rule: with --always or --never.');
  }
  if (effect && answer.message !== undefined)
    throw new AgorError('badRequest', 'A rule tells the agent in its own words; leave --message out.');
}

async function listApprovals(invocation: Invocation, { all }: ApproveOptions): Promise<Outcome> {
  const backend = await invocation.backend();
  const { approvals } = await backend.call('approval/list', all ? { all } : {});
  const names = await namesOf(backend);
  return {
    json: { approvals },
    lines: (style) =>
      approvals.length === 0
        ? ['No question is open.']
        : approvals.flatMap((approval) => [...approvalLines(approval, { names, now: invocation.now, style }), '']).slice(0, -1),
  };
}

/** One that was settled before is found too: the backend then says what became of it. */
async function named(backend: Connection, typed: string, open: readonly Approval[]): Promise<Approval> {
  if (open.some(({ id }) => id.startsWith(typed) || id.endsWith(typed))) return resolveReference('question', typed, open);
  const { approvals } = await backend.call('approval/list', { all: true });
  return resolveReference('question', typed, approvals);
}

function onlyOpen(approvals: readonly Approval[], names: Names): Approval {
  const [only, ...others] = approvals;
  if (!only) throw new AgorError('notFound', 'No question is open.');
  if (others.length === 0) return only;
  const list = approvals.map(
    ({ id, agentId, request }) => `\n  ${shortId(id)}  ${names.get(agentId) ?? ''}: ${exact(oneLine(request.title))}`,
  );
  throw new AgorError('ambiguous', `${approvals.length} questions are open; name one:${list.join('')}`);
}
