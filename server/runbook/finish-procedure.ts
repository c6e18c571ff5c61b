/** The end of a procedure: a report that stays in the data directory, and a row in the audit log that names and hashes it. */
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditLog } from '../audit/audit-log.ts';
import { asStorageError } from '../base/storage-error.ts';
import { newId } from '../base/uuid.ts';
import { writeFileWhole } from '../base/write-file-whole.ts';
import type { AuditRecord } from '../protocol/audit.ts';
import { AgorError } from '../protocol/errors.ts';
import type { BuildInfo } from '../protocol/health.ts';
import type { Params, Result } from '../protocol/requests.ts';
import { runbook } from '../protocol/runbook.ts';
import type { RecordFile } from '../store/record-file.ts';
import { reportText } from './report-text.ts';

export type ProceduresDeps = {
  readonly file: RecordFile;
  readonly audit: AuditLog;
  readonly reportsDir: string;
  readonly build: BuildInfo;
  /** What somebody should look at of that time, newest first. */
  readonly alerts: (from: number, to: number) => readonly AuditRecord[];
  readonly now: () => number;
};

const noteCharsInLog = 500;

/** Throws `badRequest` for a step that the procedure does not have, or a time that is not over. */
export function finishProcedure(deps: ProceduresDeps, params: Params<'runbook/finish'>, actor: string): Result<'runbook/finish'> {
  const { file, audit, build, alerts, now } = deps;
  const { procedure, startedAt, steps, note = '' } = params;
  const [finishedAt, of] = [now(), runbook[procedure].steps.length];
  if (startedAt > finishedAt) throw new AgorError('badRequest', 'The procedure would have begun in the future. Check the time.');
  const unknown = steps.find(({ step }) => step > of);
  if (unknown) throw new AgorError('badRequest', `The procedure "${procedure}" has ${of} steps, and no step ${unknown.step}.`);
  const done = new Map(steps.flatMap(({ step, doneAt }): [number, number][] => (doneAt === null ? [] : [[step, doneAt]])));
  const told = alerts(startedAt, finishedAt);
  const text = reportText({ procedure, startedAt, finishedAt, done, note, actor, build, alerts: told });
  const report = write(deps, `${procedure}-${stamp(finishedAt)}-${newId<string>().slice(-4)}.md`, text);
  const sha256 = createHash('sha256').update(text).digest('hex');
  const detail = { procedure, report, sha256, startedAt, done: done.size, of, alerts: told.length, note: note.slice(0, noteCharsInLog) };
  file.write(() => audit.append({ at: finishedAt, event: 'procedure_finished', agentId: null, actor, detail }));
  return { report, done: done.size, of };
}

function stamp(at: number): string {
  return new Date(at).toISOString().replaceAll(/[:.]/g, '-');
}

function write({ reportsDir }: ProceduresDeps, name: string, text: string): string {
  const path = join(reportsDir, name);
  try {
    mkdirSync(reportsDir, { recursive: true, mode: 0o700 });
    writeFileWhole(path, text);
  } catch (error) {
    throw asStorageError(error, path);
  }
  return path;
}
