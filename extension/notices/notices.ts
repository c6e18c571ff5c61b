/** The extension's picture of the notices that the backend keeps, and its word on whether a person looks at this window. */
import { type Disposable, type Event, EventEmitter, type LogOutputChannel, l10n, window } from 'vscode';
import type { Notice } from '../../server/protocol/notice.ts';
import type { Backend } from '../backend/backend.ts';
import { type NoticesState, noNotices, withChange } from './notice-model.ts';

export class Notices {
  readonly #backend: Backend;
  readonly #log: LogOutputChannel;
  readonly #changed = new EventEmitter<NoticesState>();
  readonly #raised = new EventEmitter<Notice>();
  #state = noNotices;

  constructor(backend: Backend, log: LogOutputChannel) {
    this.#backend = backend;
    this.#log = log;
  }

  get state(): NoticesState {
    return this.#state;
  }

  get onDidChange(): Event<NoticesState> {
    return this.#changed.event;
  }

  /** Fires for what happens now, not for what is read at the beginning. */
  get onDidRaise(): Event<Notice> {
    return this.#raised.event;
  }

  /** Listens from now on; dispose what it returns. */
  follow(): Disposable[] {
    const backend = this.#backend;
    return [
      this.#changed,
      this.#raised,
      backend.onDidChangeConnection(({ phase }) => {
        if (phase === 'connected') void this.#begin();
        // What is shown while the backend is away for a moment stays; after a failure it would be a lie.
        if (phase === 'failed') this.#become(noNotices);
      }),
      window.onDidChangeWindowState(() => {
        if (backend.connection.phase === 'connected') void this.#tellFocus();
      }),
      backend.on('notice/changed', (change) => {
        this.#become(withChange(this.#state, change));
        for (const notice of change.notices) if (change.raised.includes(notice.id)) this.#raised.fire(notice);
      }),
    ];
  }

  /** False when another window shows it, or when nobody can be asked. */
  async isOurs({ id, count }: Notice): Promise<boolean> {
    try {
      return (await this.#backend.call('notice/claim', { notice: id, count })).isYours;
    } catch {
      return false;
    }
  }

  async markRead(notice?: Notice): Promise<void> {
    await this.#backend.call('notice/markRead', notice ? { notice: notice.id } : {});
  }

  async clear(): Promise<void> {
    await this.#backend.call('notice/clear', {});
  }

  async #begin(): Promise<void> {
    // The desktop is told by the backend, in the language of this window.
    await this.#tellFocus({ words: l10n.bundle ?? {} });
    await this.#try(async () => this.#become(await this.#backend.call('notice/list', {})));
  }

  async #tellFocus(language: { readonly words?: Record<string, string> } = {}): Promise<void> {
    await this.#try(() => this.#backend.call('window/setFocus', { isFocused: window.state.focused, ...language }));
  }

  /** Mostly the connection went away again, and its next start does it anew. */
  async #try(call: () => Promise<unknown>): Promise<void> {
    try {
      await call();
    } catch (error) {
      this.#log.warn(`The notifications could not be read: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  #become(state: NoticesState): void {
    this.#state = state;
    this.#changed.fire(state);
  }
}
