/** `agor session`: conversations, now and earlier. */
import type { Command } from 'commander';
import { AgorError } from '../../protocol/errors.ts';
import { shortId } from '../../protocol/ids.ts';
import type { Session } from '../../protocol/session.ts';
import { findAgent } from '../agent-reference.ts';
import { group } from '../command-group.ts';
import { currentProject } from '../current-project.ts';
import { type Invocation, run } from '../invocation.ts';
import type { Outcome } from '../output.ts';
import { oneLine } from '../printable.ts';
import type { Style } from '../style.ts';
import { table } from '../table.ts';
import { agoText } from '../time-text.ts';
import { itemLines, usageText } from '../transcript.ts';
import { wholeNumber } from './whole-number.ts';

type ListOptions = { readonly agent?: string; readonly project?: string; readonly limit: number };
type ShowOptions = { readonly limit: number };

const showHelp = `
Examples:
  agor session show                      the newest session of this project
  agor session show 4f21c0aa --limit 20
  agor session show --json | jq '.items[] | select(.kind == "text") | .text'`;

export function addSessionCommands(program: Command): void {
  const session = group(program, { name: 'session', description: 'Conversations with agents, now and earlier.' });
  session
    .command('list')
    .summary('list the sessions, newest first')
    .description('Lists the sessions, newest first.')
    .option('-a, --agent <agent>', 'only those of this agent')
    .option('-p, --project <project>', 'only those of this project')
    .option('-n, --limit <count>', 'how many', wholeNumber, 50)
    .action(run(listSessions));
  session
    .command('show')
    .summary('show what was said and done')
    .description('Shows a session: what was asked, answered and done.')
    .argument('[session]', 'id; without it the newest session of the current project, or of all')
    .option('-n, --limit <count>', 'how many items, counted from the end', wholeNumber, 1000)
    .addHelpText('after', showHelp)
    .action(run(showSession));
  session
    .command('resume')
    .summary('go on with an earlier session')
    .description("Makes an earlier session its agent's current one: the next prompt goes on there.")
    .argument('<session>', 'id')
    .action(run(resumeSession));
  session
    .command('new')
    .summary('begin a new session')
    .description('Begins a new session: the next prompt to the agent starts afresh. The old one stays and can be resumed.')
    .argument('<agent>', 'name or id')
    .option('-p, --project <project>', 'the project the agent is in, where its name is used in several')
    .action(run(newSession));
}

async function listSessions(invocation: Invocation, options: ListOptions): Promise<Outcome> {
  const backend = await invocation.backend();
  const { agents } = await backend.call('agent/list', {});
  const agent = options.agent === undefined ? {} : { agent: (await findAgent(invocation, options.agent, options)).id };
  const project = options.project === undefined ? {} : { project: options.project };
  const { sessions } = await backend.call('session/list', { ...agent, ...project, limit: options.limit });
  if (sessions.length === 0)
    return { json: { sessions }, lines: () => ['There is no session yet. The first prompt to an agent begins one.'] };
  const names = new Map(agents.map(({ id, name }) => [id, oneLine(name, 40)]));
  const rows = sessions.map((session) => [
    shortId(session.id),
    names.get(session.agentId) ?? shortId(session.agentId),
    agoText(session.lastActiveAt, invocation.now),
    String(session.turnCount),
    session.usage ? usageText(session.usage) : '',
    titleText(session),
  ]);
  return { json: { sessions }, lines: () => table(['ID', 'AGENT', 'ACTIVE', 'TURNS', 'USAGE', 'TITLE'], rows) };
}

async function showSession(invocation: Invocation, typed: string | undefined, options: ShowOptions): Promise<Outcome> {
  const backend = await invocation.backend();
  const session = typed ?? (await newestSession(invocation));
  const shown = await backend.call('session/items', { session, limit: options.limit });
  const earlier = shown.hasEarlier ? ['… earlier items are left out; --limit takes up to 1000'] : [];
  return {
    json: shown,
    lines: (style) => [
      style('bold', `${titleText(shown.session)} (${shortId(shown.session.id)})`),
      ...earlier,
      ...archivedLines(shown.session, style),
      ...shown.items.flatMap((item) => itemLines(item, style)),
    ],
  };
}

/** What is missing at the beginning is no loss. */
function archivedLines({ id, archived }: Session, style: Style): string[] {
  if (!archived) return [];
  const [when, until] = [archived.archivedAt, archived.lastAt].map((at) => new Date(at).toISOString().slice(0, 10));
  const what = archived.items === 1 ? '1 entry' : `${archived.items} entries`;
  return [style('dim', `${what} until ${until} went into an archive on ${when}: agor retention read --session ${shortId(id)}`)];
}

async function newestSession(invocation: Invocation): Promise<string> {
  const backend = await invocation.backend();
  const here = await currentProject(invocation);
  const inProject = here ? await backend.call('session/list', { project: here.id, limit: 1 }) : { sessions: [] };
  const { sessions } = inProject.sessions.length > 0 ? inProject : await backend.call('session/list', { limit: 1 });
  const [newest] = sessions;
  if (newest) return newest.id;
  throw new AgorError('notFound', 'There is no session yet. The first prompt to an agent begins one.');
}

async function resumeSession(invocation: Invocation, session: string): Promise<Outcome> {
  const backend = await invocation.backend();
  const resumed = await backend.call('session/resume', { session });
  return { json: resumed, lines: () => [`The next prompt goes on with "${titleText(resumed)}" (${shortId(resumed.id)}).`] };
}

async function newSession(invocation: Invocation, typed: string, options: { readonly project?: string }): Promise<Outcome> {
  const agent = await findAgent(invocation, typed, options);
  const backend = await invocation.backend();
  const session = await backend.call('session/create', { agent: agent.id });
  return { json: session, lines: () => [`${oneLine(agent.name)} starts afresh at its next prompt (session ${shortId(session.id)}).`] };
}

function titleText({ title }: Session): string {
  return oneLine(title, 80) || 'New session';
}
