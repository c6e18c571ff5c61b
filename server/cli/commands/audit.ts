/** `agor audit`: what was done by whom, whether the log of it is whole, and all of it to take along. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { AuditRecord, AuditVerdict } from '../../protocol/audit.ts';
import { alertEvents } from '../../protocol/audit-groups.ts';
import { AgentId, shortId } from '../../protocol/ids.ts';
import type { Params } from '../../protocol/requests.ts';
import { findAgent } from '../agent-reference.ts';
import { group } from '../command-group.ts';
import { exitCode } from '../exit-codes.ts';
import { type Invocation, run } from '../invocation.ts';
import { type Moment, moment } from '../moment.ts';
import type { Outcome } from '../output.ts';
import { oneLine } from '../printable.ts';
import type { Style } from '../style.ts';
import { table } from '../table.ts';
import { addAuditExport } from './audit-export.ts';
import { wholeNumber } from './whole-number.ts';

type ListOptions = {
  readonly event?: readonly string[];
  readonly agent?: string;
  readonly project?: string;
  readonly since?: Moment;
  readonly until?: Moment;
  readonly text?: string;
  readonly limit: number;
  readonly all?: true;
  readonly alerts?: true;
};
type Head = { readonly seq: number; readonly hash: string };

const shownDetail = 160;

const help = `
Each row carries the hash of the one before, and what each row said is kept beside the database as well, so that rows
that were changed, taken out, put in, reordered or cut off are found, and where. Whoever can write all files of the data
directory is found by a head that you keep elsewhere: "agor audit verify" prints it.

Examples:
  agor audit list --event approval_answered --since 2h
  agor audit list --alerts --since 1d
  agor audit list --agent builder --text npm
  agor audit verify --head 1204:5e88…
  agor audit export --out audit.jsonl --since 2026-05-01`;

export function addAuditCommands(program: Command): void {
  const audit = group(program, { name: 'audit', description: 'The audit log: what was done by whom.' }).addHelpText('after', help);
  audit
    .command('list')
    .summary('show the newest rows')
    .description('Shows the newest rows that fit, newest first; heartbeats only when they are asked for.')
    .option('-e, --event <event...>', 'only these events')
    .addOption(new Option('--alerts', 'only what somebody should look at').conflicts('event'))
    .option('-a, --agent <agent>', 'only of this agent; of one that was removed, by its whole id')
    .option('-p, --project <project>', 'the project the agent is in, where its name is used in several')
    .option('--since <when>', 'from then on: how long ago, as 2h, or a date', moment)
    .option('--until <when>', 'up to then', moment)
    .option('-t, --text <text>', 'only where the detail holds this, whatever the case')
    .option('-n, --limit <count>', 'how many rows', wholeNumber, 50)
    .option('--all', 'heartbeats too')
    .action(run(list));
  audit
    .command('verify')
    .summary('find out whether the log is whole')
    .description('Reads every row and says which are not what was written. Exits with 1 when any is not.')
    .option('--head <seq:hash>', 'a head that was printed earlier and kept elsewhere', head)
    .action(run(verify));
  addAuditExport(audit);
}

async function list(invocation: Invocation, options: ListOptions): Promise<Outcome> {
  const backend = await invocation.backend();
  const filter = await filterOf(invocation, options);
  const records: AuditRecord[] = [];
  let page = await backend.call('audit/list', { ...filter, limit: options.limit });
  records.push(...page.records);
  while (page.hasEarlier && records.length < options.limit) {
    page = await backend.call('audit/list', { ...filter, beforeSeq: page.beforeSeq, limit: options.limit - records.length });
    records.push(...page.records);
  }
  const { agents } = await backend.call('agent/list', {});
  const names = new Map(agents.map(({ id, name }): [string, string] => [id, name]));
  const rows = records.map((record) => rowOf(record, names));
  const lines = () => (rows.length === 0 ? ['No row fits.'] : table(['ROW', 'TIME', 'EVENT', 'AGENT', 'BY', 'DETAIL'], rows));
  return { json: { records, hasEarlier: page.hasEarlier }, lines };
}

async function filterOf(invocation: Invocation, { event, agent, project, since, until, text, all, alerts }: ListOptions) {
  const id = agent === undefined || AgentId.safeParse(agent).success ? agent : (await findAgent(invocation, agent, { project })).id;
  return {
    ...(event && { events: [...event] }),
    ...(alerts && { events: [...alertEvents] }),
    ...(all && { heartbeats: true }),
    ...(id !== undefined && { agent: id }),
    ...(since && { from: since(invocation.now) }),
    ...(until && { to: until(invocation.now) }),
    ...(text !== undefined && { text }),
  } satisfies Params<'audit/list'>;
}

function rowOf({ seq, at, event, agentId, actor, detail }: AuditRecord, names: ReadonlyMap<string, string>): string[] {
  const agent = agentId === null ? '' : (names.get(agentId) ?? shortId(agentId));
  return [
    String(seq),
    timeText(at),
    oneLine(event, 40),
    oneLine(agent, 40),
    oneLine(actor, 20),
    oneLine(JSON.stringify(detail), shownDetail),
  ];
}

/** In UTC. Whoever changed a row may have put in a time that is none. */
function timeText(at: number): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? String(at) : date.toISOString().replace('T', ' ').slice(0, 19);
}

async function verify(invocation: Invocation, { head: kept }: { readonly head?: Head }): Promise<Outcome> {
  const backend = await invocation.backend();
  const verdict = await backend.call('audit/verify', kept === undefined ? {} : { head: kept });
  const code = verdict.breaks.length === 0 ? exitCode.ok : exitCode.refused;
  return { json: verdict, lines: (style) => verdictLines(verdict, style), exitCode: code };
}

function verdictLines({ rows, head: { seq, hash }, breaks, bridged }: AuditVerdict, style: Style): string[] {
  const kept = `To find out later, keep this elsewhere: agor audit verify --head ${seq}:${hash}`;
  const restored = bridged.map(({ detail }) => `${style('yellow', '!')} ${oneLine(detail, 1_000)}`);
  if (breaks.length === 0) return [`${style('green', '✓')} All ${rows} rows are what was written.`, ...restored, kept];
  return [
    `${style('red', '✗')} The audit log is not what was written:`,
    ...breaks.map(({ detail }) => `    ${oneLine(detail, 1_000)}`),
    ...restored,
    'Copy the data directory as it is before anything else, and find out who could write there. "agor recover" lists the',
    'backups from earlier, which hold the rows as they were then.',
  ];
}

function head(typed: string): Head {
  const [, seq, hash] = /^(\d+):([0-9a-f]{64})$/.exec(typed) ?? [];
  if (seq === undefined || hash === undefined)
    throw new InvalidArgumentError('Give a head as "agor audit verify" prints it, as 1204:5e88….');
  return { seq: Number(seq), hash };
}
