/** The panel of a chat page, played by a test: it sees each request and answers it, or not yet. */
import type { Method } from '../../server/protocol/requests.ts';
import type { FromWebview } from '../../server/protocol/webview.ts';
import type { Host } from '../../webviews/shared/host.ts';

type Listener = (value: never) => void;
export type Answer = (params: Record<string, unknown>) => unknown;

export class FakeHost {
  /** Methods in the order they were asked, with what was asked. */
  readonly requests: { method: string; params: Record<string, unknown> }[] = [];
  readonly posted: FromWebview[] = [];
  readonly #answers = new Map<string, Answer>();
  readonly #listeners = new Map<string, Listener[]>();

  /** What the class under test takes for its host. */
  readonly host: Pick<Host, 'request' | 'subscribe' | 'on' | 'post'> = {
    request: async (method, params) => {
      // The test's own answers stand for results that the real panel has checked.
      const asked = params as Record<string, unknown>;
      this.requests.push({ method, params: asked });
      const answer = this.#answers.get(method);
      if (!answer) throw new Error(`The test has no answer to ${method}.`);
      return (await answer(asked)) as never;
    },
    subscribe: (method, listener) => this.#listen(method, listener as Listener),
    on: (type, listener) => this.#listen(type, listener as Listener),
    post: (message) => {
      this.posted.push(message);
    },
  };

  answer(method: Method, answer: Answer): void {
    this.#answers.set(method, answer);
  }

  /** A notification by its method, or another message of the panel by its type. */
  tell(key: string, value: unknown): void {
    for (const listener of this.#listeners.get(key) ?? []) listener(value as never);
  }

  asked(method: Method): Record<string, unknown>[] {
    return this.requests.filter((request) => request.method === method).map(({ params }) => params);
  }

  #listen(key: string, listener: Listener): () => void {
    this.#listeners.set(key, [...(this.#listeners.get(key) ?? []), listener]);
    return () => undefined;
  }
}
