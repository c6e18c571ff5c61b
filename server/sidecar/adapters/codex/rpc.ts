/** The calls to and from Codex's app-server over its lines: answers by their numbers, in time or not at all. */
import { within } from '../../../base/within.ts';
import type { RpcError, RpcId } from './messages.ts';

export type Outcome =
  | { readonly kind: 'answered'; readonly result: unknown }
  | { readonly kind: 'refused'; readonly error: RpcError }
  | { readonly kind: 'silent' };

export class Rpc {
  readonly #write: (line: string) => Promise<void>;
  readonly #calls = new Map<RpcId, (outcome: Outcome) => void>();
  #count = 0;

  constructor(deps: { readonly write: (line: string) => Promise<void> }) {
    this.#write = deps.write;
  }

  /**
   * `silent` when no answer came in time, or none will come any more. `heard` is told of an answer before any later line
   * of the program is read.
   */
  async call(method: string, params: unknown, timeoutMs: number, heard?: (outcome: Outcome) => void): Promise<Outcome> {
    this.#count += 1;
    const id = this.#count;
    let outcome: Outcome = { kind: 'silent' };
    const answered = new Promise<void>((resolve) => {
      this.#calls.set(id, (told) => {
        outcome = told;
        heard?.(told);
        resolve();
      });
    });
    await this.#write(JSON.stringify({ method, id, params }));
    await within(answered, timeoutMs);
    this.#calls.delete(id);
    return outcome;
  }

  notify(method: string): Promise<void> {
    return this.#write(JSON.stringify({ method }));
  }

  respond(id: RpcId, result: unknown): void {
    // It never rejects: when the program is gone its exit tells.
    void this.#write(JSON.stringify({ id, result }));
  }

  refuse(id: RpcId, message: string): void {
    void this.#write(JSON.stringify({ id, error: { code: -32601, message } }));
  }

  /** False for an answer to nothing. */
  settled(id: RpcId, outcome: Outcome): boolean {
    const settle = this.#calls.get(id);
    settle?.(outcome);
    return settle !== undefined;
  }

  /** Nothing is answered any more. */
  end(): void {
    for (const settle of this.#calls.values()) settle({ kind: 'silent' });
  }
}
