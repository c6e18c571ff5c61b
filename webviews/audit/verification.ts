/** A check of the whole log: how far it is, and what it found. */
import type { AuditVerdict } from '../../server/protocol/audit.ts';
import { type Host, sentenceOf } from '../shared/host.ts';

export type VerificationState =
  | { readonly kind: 'none' }
  | { readonly kind: 'running'; readonly read: number; readonly of: number }
  | { readonly kind: 'found'; readonly verdict: AuditVerdict }
  | { readonly kind: 'failed'; readonly reason: string };

export class Verification {
  readonly #request: Host['request'];
  readonly #onChange: () => void;
  #state: VerificationState = { kind: 'none' };

  constructor(request: Host['request'], onChange: () => void) {
    this.#request = request;
    this.#onChange = onChange;
  }

  get state(): VerificationState {
    return this.#state;
  }

  async run(): Promise<void> {
    if (this.#state.kind === 'running') return;
    this.#become({ kind: 'running', read: 0, of: 0 });
    try {
      this.#become({ kind: 'found', verdict: await this.#request('audit/verify', {}) });
    } catch (error) {
      this.#become({ kind: 'failed', reason: sentenceOf(error) });
    }
  }

  /** Also of a check that another window asked for, which is as far as ours. */
  progress(read: number, of: number): void {
    if (this.#state.kind === 'running') this.#become({ kind: 'running', read, of });
  }

  dismiss(): void {
    this.#become({ kind: 'none' });
  }

  #become(state: VerificationState): void {
    this.#state = state;
    this.#onChange();
  }
}
