/** The extension's own picture of teams and messages: read whole on every connection, then kept by notifications. */
import { type Disposable, type Event, EventEmitter, type LogOutputChannel } from 'vscode';
import type { Backend } from '../backend/backend.ts';
import {
  emptyTeamwork,
  type TeamworkState,
  withDeadLetter,
  withInbox,
  withMessage,
  withoutMember,
  withTeamNews,
} from './teamwork-model.ts';

export type TeamworkChange = { readonly before: TeamworkState; readonly after: TeamworkState };

export class Teamwork {
  readonly #backend: Backend;
  readonly #log: LogOutputChannel;
  readonly #changed = new EventEmitter<TeamworkChange>();
  #state = emptyTeamwork;

  constructor(backend: Backend, log: LogOutputChannel) {
    this.#backend = backend;
    this.#log = log;
  }

  get state(): TeamworkState {
    return this.#state;
  }

  get onDidChange(): Event<TeamworkChange> {
    return this.#changed.event;
  }

  /** Listens from now on; dispose what it returns. */
  follow(): Disposable[] {
    const backend = this.#backend;
    return [
      this.#changed,
      backend.onDidChangeConnection(({ phase }) => {
        if (phase === 'connected') void this.#readAll();
        // What is shown while the backend is away for a moment stays; after a failure it would be a lie.
        if (phase === 'failed') this.#become(emptyTeamwork);
      }),
      backend.on('team/changed', (news) => this.#become(withTeamNews(this.#state, news))),
      backend.on('agent/removed', ({ agentId }) => this.#become(withoutMember(this.#state, agentId))),
      backend.on('message/changed', ({ message }) => this.#become(withMessage(this.#state, message))),
      backend.on('screening/changed', ({ items }) => this.#become({ ...this.#state, held: items })),
      backend.on('deadLetter/changed', ({ deadLetter }) => this.#become(withDeadLetter(this.#state, deadLetter))),
    ];
  }

  /** Each list is taken over the moment it arrives, and one that cannot be read leaves the others alone. */
  async #readAll(): Promise<void> {
    const backend = this.#backend;
    await Promise.all([
      this.#read(async () => {
        const { teams, profiles, teammates } = await backend.call('team/list', {});
        this.#become({ ...this.#state, teams, profiles, teammates });
      }),
      this.#read(async () => {
        const { messages } = await backend.call('message/inbox', {});
        this.#become(withInbox(this.#state, messages));
      }),
      this.#read(async () => {
        const { items } = await backend.call('screening/held', {});
        this.#become({ ...this.#state, held: items });
      }),
      this.#read(async () => {
        const { deadLetters } = await backend.call('deadLetter/list', {});
        this.#become({ ...this.#state, deadLetters });
      }),
    ]);
  }

  /** Mostly the connection went away again, and its next start reads the lists anew. */
  async #read(list: () => Promise<void>): Promise<void> {
    try {
      await list();
    } catch (error) {
      this.#log.warn(`A list of messages or teams could not be read: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  #become(after: TeamworkState): void {
    const before = this.#state;
    if (before === after) return;
    this.#state = after;
    this.#changed.fire({ before, after });
  }
}
