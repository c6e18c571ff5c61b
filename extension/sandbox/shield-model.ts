/** What the shield says: nothing but its icon while all is fenced in, the worst case otherwise. */
import type { Agent } from '../../server/protocol/agent.ts';
import type { SandboxState } from '../../server/protocol/sandbox.ts';
import type { Translate } from '../text/translate.ts';
import { fenceSummary } from './sandbox-wording.ts';

export type ShieldFacts = { readonly machine: SandboxState | null; readonly agents: readonly Agent[] };

export type ShieldStatus = {
  readonly icon: string;
  /** Empty: the icon says it all. */
  readonly text: string;
  readonly severity: 'normal' | 'warning';
  /** Sentences for the tooltip and the screen reader. */
  readonly details: readonly string[];
  /** Whose gaps are to be told. */
  readonly state: SandboxState | null;
};

const order = ['full', 'partial', 'off'] as const;

export function shieldStatus({ machine, agents }: ShieldFacts, t: Translate): ShieldStatus {
  const running = agents.filter((agent) => agent.runtime && agent.sandbox);
  const worst = running.map(({ sandbox }) => sandbox).reduce(worseOf, null);
  const state = worst ?? machine;
  const { icon, text, severity } = fenceSummary(state, t);
  const each = running.map((agent) => t('{0}: {1}', agent.name, fenceSummary(agent.sandbox, t).text));
  return { icon, severity, state, text: severity === 'normal' ? '' : text, details: each.length === 0 ? [text] : each };
}

function worseOf(left: SandboxState | null, right: SandboxState | null): SandboxState | null {
  if (!left || !right) return left ?? right;
  return order.indexOf(right.files) > order.indexOf(left.files) ? right : left;
}
