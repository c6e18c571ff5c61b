/** Run records: one file per running sidecar, from which any later backend can take it over or end what it left. */
import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { lastLines } from '../base/last-lines.ts';
import { readRunRecord, writeRunRecord } from '../base/run-record-file.ts';
import { errorOutput } from '../log/error-output.ts';
import { sidecarLogFiles } from '../log/sidecar-log-files.ts';
import type { AgentId } from '../protocol/ids.ts';
import type { RunRecord } from '../protocol/run-record.ts';

const logMaxBytes = 10 * 1024 * 1024;
/** Enough for a stack trace and what came before it. */
const lastWordsLines = 200;

export type AgentFolders = {
  readonly privateDir: string;
  readonly agentDir: string;
  readonly log: string;
  /** What a sidecar says past its log, as when it crashes. */
  readonly errorOutput: string;
};

/** `private/` is the sidecar's; `agent/` is the only part that the agent's program is meant to see. */
export function agentFolders(agentsDir: string, agentId: AgentId): AgentFolders {
  const privateDir = join(agentsDir, agentId, 'private');
  const { records, errorOutput } = sidecarLogFiles(privateDir);
  return { privateDir, agentDir: join(agentsDir, agentId, 'agent'), log: records, errorOutput };
}

export function makeAgentFolders(folders: AgentFolders): void {
  for (const folder of [folders.privateDir, folders.agentDir]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  capLog(folders.errorOutput);
}

/**
 * The end of a sidecar's log, and behind it what it said past its log since that was `outputFrom` bytes long. Never
 * throws: what cannot be read does not keep the end of a run from being told.
 */
export function saidLast({ log, errorOutput: path }: AgentFolders, outputFrom: number): string[] {
  try {
    return [...lastLines(log, lastWordsLines), ...errorOutput(path, outputFrom).text.split('\n')];
  } catch {
    return [];
  }
}

export class RunFiles {
  readonly #dir: string;

  constructor(dir: string) {
    this.#dir = dir;
    mkdirSync(dir, { recursive: true, mode: 0o700 });
  }

  path(agentId: AgentId): string {
    return join(this.#dir, `${agentId}.json`);
  }

  write(record: RunRecord): void {
    writeRunRecord(this.path(record.agentId), record);
  }

  /** The record as the sidecar last wrote it; undefined when there is none that can be read. */
  read(agentId: AgentId): RunRecord | undefined {
    return readRecord(this.path(agentId));
  }

  remove(agentId: AgentId): void {
    rmSync(this.path(agentId), { force: true });
  }

  all(): RunRecord[] {
    const names = readdirSync(this.#dir).filter((name) => name.endsWith('.json'));
    return names.flatMap((name) => readRecord(join(this.#dir, name)) ?? []);
  }
}

function readRecord(path: string): RunRecord | undefined {
  try {
    return readRunRecord(path);
  } catch {
    // Missing, or of a version that this one cannot take over.
    return undefined;
  }
}

/** One earlier log is kept. */
function capLog(path: string): void {
  try {
    if (statSync(path).size > logMaxBytes) renameSync(path, `${path}.1`);
  } catch {
    // No log yet.
  }
}
