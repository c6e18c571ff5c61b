/** What the scheduler knows of a team when it thinks of waking its manager. */
import type { ActivityState, Attention } from '../protocol/attention.ts';
import type { AgentId } from '../protocol/ids.ts';
import type { TaskState } from '../protocol/task.ts';
import type { AgentRole } from '../protocol/team.ts';

export type FleetAgent = {
  readonly agentId: AgentId;
  readonly name: string;
  readonly role: AgentRole;
  readonly activity: ActivityState;
  readonly attention: Attention;
  /** A share of its context window; null where nobody knows. */
  readonly contextPressure: number | null;
  readonly burnUsdPerHour: number | null;
};

export type BoardTask = { readonly number: number; readonly title: string };

export type WakeFacts = {
  /** The others of the team: what its manager is itself is no reason to wake it. */
  readonly agents: readonly FleetAgent[];
  /** Of the whole team; null where nobody knows. */
  readonly burn: { readonly usdPerHour: number | null; readonly hourAverageUsd: number | null };
  readonly board: {
    readonly counts: Readonly<Partial<Record<TaskState, number>>>;
    readonly blocked: readonly BoardTask[];
    readonly review: readonly BoardTask[];
  };
  /** Messages that wait for the manager, and those that it owes a reply to. */
  readonly unread: number;
  readonly owed: number;
};
