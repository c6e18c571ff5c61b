/** The questions of the agent: what is known of each beside the transcript, and whose answer is on its way. */
import type { Decision } from '../../server/protocol/agent-event.ts';
import type { Approval } from '../../server/protocol/approval.ts';
import type { FormValues } from '../../server/protocol/form.ts';
import type { Item } from '../../server/protocol/session.ts';
import type { Host } from '../shared/host.ts';

type Asked = Item & { kind: 'permission' };

export interface QuestionsDeps {
  readonly request: Host['request'];
  readonly onChange: () => void;
  /** The transcript may not know yet. */
  readonly changed: (approval: Approval) => void;
}

export class Questions {
  readonly #deps: QuestionsDeps;
  #answering: ReadonlySet<string> = new Set();
  #known: ReadonlyMap<string, Approval> = new Map();

  constructor(deps: QuestionsDeps) {
    this.#deps = deps;
  }

  /** Questions whose answer is on its way: nothing is answered twice. */
  get answering(): ReadonlySet<string> {
    return this.#answering;
  }

  /** By their ids, those that were open since the page was loaded: of which kind, until when they wait, who answered. */
  get known(): ReadonlyMap<string, Approval> {
    return this.#known;
  }

  async load(): Promise<void> {
    const { approvals } = await this.#deps.request('approval/list', {});
    this.#know(approvals);
  }

  receive(approval: Approval): void {
    this.#know([approval]);
    this.#deps.changed(approval);
  }

  /** The hash says what the person saw: the backend refuses an answer to anything else. */
  async answer({ approvalId: approval, hash, state }: Asked, decision: Decision, values?: FormValues): Promise<void> {
    if (state !== 'open' || this.#answering.has(approval)) return;
    this.#become([...this.#answering, approval]);
    try {
      this.receive(await this.#deps.request('approval/answer', { approval, decision, hash, ...(values && { values }) }));
    } finally {
      this.#become([...this.#answering].filter((id) => id !== approval));
    }
  }

  #become(answering: readonly string[]): void {
    this.#answering = new Set(answering);
    this.#deps.onChange();
  }

  #know(approvals: readonly Approval[]): void {
    if (approvals.length === 0) return;
    this.#known = new Map([...this.#known, ...approvals.map((approval) => [approval.id, approval] as const)]);
    this.#deps.onChange();
  }
}
