/** `agor audit export`: rows of the audit log as lines of JSON, with a manifest by which nobody can change them later. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { visibleJson } from '../../base/visible-json.ts';
import type { AuditRecord } from '../../protocol/audit.ts';
import { AgorError } from '../../protocol/errors.ts';
import { type Invocation, run } from '../invocation.ts';
import { type Moment, moment } from '../moment.ts';
import { writeNewFile } from '../new-file.ts';
import { type Outcome, write } from '../output.ts';

type Options = {
  readonly out?: string;
  readonly dir?: string;
  readonly since?: Moment;
  readonly until?: Moment;
  readonly from?: Moment;
  readonly to?: Moment;
};
type Place = { readonly seq: number; readonly hash: string };
type Exported = { readonly rows: number; readonly first: Place | null; readonly last: Place | null };

const help = `
Each line holds a row whole: its hash is the SHA-256 of the JSON of [seq, at, event, agentId, actor, JSON of detail,
prevHash]. Beside the file comes <file>.manifest.json, with its SHA-256, the number of rows, and the first and last of
them. With --dir, a new folder in <folder> gets the rows as audit.jsonl and audit.csv, manifest.json with the time that
was asked for, the hashes of both files and of the first, last and newest row, and SHA256SUMS for "sha256sum -c".
That rows were taken along is told in the log itself.`;

export function addAuditExport(audit: Command): void {
  audit
    .command('export')
    .summary('take rows along')
    .description('Writes rows in their order, as one line of JSON each: to stdout, or to a new file that only you can read.')
    .option('-o, --out <file>', 'the new file')
    .addOption(new Option('-d, --dir <folder>', 'a folder for a new one that holds JSONL, CSV and a manifest').conflicts('out'))
    .option('--since <when>', 'from then on (or --from): how long ago, as 2h, or a date', moment)
    .option('--until <when>', 'up to then (or --to)', moment)
    .addOption(new Option('--from <when>').conflicts('since').argParser(moment).hideHelp())
    .addOption(new Option('--to <when>').conflicts('until').argParser(moment).hideHelp())
    .addHelpText('after', help)
    .action(run(exportRows));
}

async function exportRows(invocation: Invocation, options: Options): Promise<Outcome> {
  if (options.out !== undefined) return exportTo(invocation, resolve(invocation.cwd, options.out), options);
  if (options.dir !== undefined) return exportInto(invocation, resolve(invocation.cwd, options.dir), options);
  await eachPage(invocation, options, (lines) => write(process.stdout, lines));
  return { json: undefined, lines: () => [] };
}

async function exportTo(invocation: Invocation, path: string, options: Options): Promise<Outcome> {
  const manifestPath = `${path}.manifest.json`;
  if (existsSync(manifestPath)) throw new AgorError('conflict', `${manifestPath} is there already. Choose another file.`);
  const manifest = await writeNewFile(path, async (append) => {
    const hash = createHash('sha256');
    const exported = await eachPage(invocation, options, (lines) => {
      hash.update(lines);
      append(lines);
    });
    const about = { file: basename(path), sha256: hash.digest('hex'), ...exported, exportedAt: invocation.now };
    await writeNewFile(manifestPath, (put) => put(`${JSON.stringify(about, null, 2)}\n`));
    return about;
  });
  const rows = manifest.rows === 1 ? '1 row' : `${manifest.rows} rows`;
  return { json: { path, manifest }, lines: () => [`${path} holds ${rows} now, and ${manifestPath} says which.`] };
}

/** The backend writes it, as it does for a window. */
async function exportInto(invocation: Invocation, dir: string, options: Options): Promise<Outcome> {
  const backend = await invocation.backend();
  const saved = await backend.call('audit/save', { dir, ...periodOf(invocation, options) });
  const { rows, head } = saved.manifest;
  const lines = () => [
    `${rows === 1 ? '1 row is' : `${rows} rows are`} in ${saved.path} now, with a manifest of their hashes.`,
    `To find out later whether the log was changed, keep this elsewhere: agor audit verify --head ${head.seq}:${head.hash}`,
  ];
  return { json: saved, lines };
}

function periodOf({ now }: Invocation, { since, until, from, to }: Options) {
  const [first, last] = [since ?? from, until ?? to];
  return { ...(first && { from: first(now) }), ...(last && { to: last(now) }) };
}

/** As many rows at once as the backend gives, so that a log of any size takes little memory. */
async function eachPage(invocation: Invocation, options: Options, take: (lines: string) => void | Promise<void>): Promise<Exported> {
  const backend = await invocation.backend();
  const period = periodOf(invocation, options);
  let exported: Exported = { rows: 0, first: null, last: null };
  let page = await backend.call('audit/export', period);
  for (;;) {
    await take(page.records.map((record) => `${visibleJson(JSON.stringify(record))}\n`).join(''));
    exported = including(exported, page.records);
    if (page.isLast || exported.last === null) return exported;
    page = await backend.call('audit/export', { ...period, afterSeq: exported.last.seq });
  }
}

function including({ rows, first, last }: Exported, records: readonly AuditRecord[]): Exported {
  const [newFirst, newLast] = [records[0], records.at(-1)];
  return {
    rows: rows + records.length,
    first: first ?? (newFirst ? { seq: newFirst.seq, hash: newFirst.hash } : null),
    last: newLast ? { seq: newLast.seq, hash: newLast.hash } : last,
  };
}
