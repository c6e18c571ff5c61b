/**
 * Brings a file that is being written to the disk a part at a time, on a thread of the system's: SQLite does it all at
 * once with its last page, which would hold up the event loop for as long as the disk takes.
 */
import { close, fdatasync, openSync } from 'node:fs';

const everyBytes = 8 * 1024 * 1024;
const mostBehindBytes = 128 * 1024 * 1024;
/** So little may be left to SQLite: whoever writes meanwhile adds to it in every turn of the loop, so it is never nothing. */
const leftBytes = 2 * 1024 * 1024;

export class SteadySync {
  readonly #path: string;
  #file: number | undefined;
  #isBusy = false;
  #isClosing = false;
  #written = 0;
  /** How much had been written when the last sync that has ended began, and the one that runs. */
  #synced = 0;
  #syncing = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** So much is written by now. */
  wrote(bytes: number): void {
    this.#written = bytes;
    if (bytes - this.#synced >= everyBytes) this.#begin();
  }

  /** The disk is slower than the copy: it has to wait. */
  get isBehind(): boolean {
    return this.#written - this.#synced > mostBehindBytes;
  }

  /** Whether nearly all that was written is on the disk; otherwise it is on its way. */
  settle(): boolean {
    if (this.#written - this.#synced <= leftBytes) return true;
    this.#begin();
    return false;
  }

  /** Only once SQLite has let go of the file. */
  close(): void {
    this.#isClosing = true;
    if (this.#file !== undefined && !this.#isBusy) close(this.#file);
  }

  #begin(): void {
    if (this.#isBusy) return;
    this.#file ??= openSync(this.#path, 'r');
    this.#isBusy = true;
    this.#syncing = this.#written;
    // What the disk refuses is told by SQLite's own sync at the end.
    fdatasync(this.#file, () => {
      this.#isBusy = false;
      this.#synced = this.#syncing;
      if (this.#isClosing) this.close();
    });
  }
}
