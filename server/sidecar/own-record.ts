/** The run's record as the sidecar keeps it: what it has to add is written at once, as long as the record is still its own. */
import { readRunRecord, writeRunRecord } from '../base/run-record-file.ts';
import type { RunRecord } from '../protocol/run-record.ts';

export class OwnRecord {
  readonly #path: string;
  readonly #onFailure: (error: unknown) => void;
  #record: RunRecord;

  constructor(path: string, record: RunRecord, onFailure: (error: unknown) => void) {
    this.#path = path;
    this.#record = record;
    this.#onFailure = onFailure;
  }

  get now(): RunRecord {
    return this.#record;
  }

  /** A disk that refuses does not stop the agent: a backend still knows the sidecar by its token, and the record only guards signals. */
  write(patch: Partial<RunRecord>): void {
    this.#record = { ...this.#record, ...patch };
    // The next run of the agent may have its record in the same place.
    if (!this.isOnDisk()) return;
    try {
      writeRunRecord(this.#path, this.#record);
    } catch (error) {
      this.#onFailure(error);
    }
  }

  isOnDisk(): boolean {
    try {
      return readRunRecord(this.#path).runId === this.#record.runId;
    } catch {
      // Removed, which is how a backend says that a run is over, or no longer readable, which ends as badly.
      return false;
    }
  }
}
