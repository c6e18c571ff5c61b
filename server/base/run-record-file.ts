/** Run records on disk: read with a check of every field, replaced whole. */
import { readFileSync } from 'node:fs';
import { AgorError } from '../protocol/errors.ts';
import { RunRecord } from '../protocol/run-record.ts';
import { writeFileWhole } from './write-file-whole.ts';

/** Throws `badRequest` when the file is no run record of this version. */
export function readRunRecord(path: string): RunRecord {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new AgorError('badRequest', `The run record ${path} cannot be read.`, { cause });
  }
  const parsed = RunRecord.safeParse(content);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.join('.') ?? '';
  throw new AgorError('badRequest', `${path} is no run record that this version understands (at "${where}").`);
}

export function writeRunRecord(path: string, record: RunRecord): void {
  writeFileWhole(path, `${JSON.stringify(record, null, 2)}\n`);
}
