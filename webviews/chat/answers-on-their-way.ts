/** Questions whose answer is on its way: nothing is answered twice. */
import type { Item } from '../../server/protocol/session.ts';

export class AnswersOnTheirWay {
  readonly #onChange: () => void;
  #ids: ReadonlySet<string> = new Set();

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  get ids(): ReadonlySet<string> {
    return this.#ids;
  }

  async give({ approvalId, state }: Item & { kind: 'permission' }, send: () => Promise<void>): Promise<void> {
    if (state !== 'open' || this.#ids.has(approvalId)) return;
    this.#ids = new Set([...this.#ids, approvalId]);
    this.#onChange();
    await send();
    this.#ids = new Set([...this.#ids].filter((id) => id !== approvalId));
    this.#onChange();
  }
}
