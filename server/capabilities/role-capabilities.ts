/** What an agent has by its role. A finer rule, as of the board, stays with the feature that knows it. */
import { Capability } from '../protocol/capability.ts';
import type { Role } from '../protocol/team.ts';

const onlyOf: Readonly<Partial<Record<Capability, readonly Role[]>>> = {
  // In a team without a manager its project agents plan themselves.
  'add-tasks': ['manager', 'architect', 'project'],
  'manage-team': ['manager'],
  'be-woken': ['manager'],
};

export function isInRole(capability: Capability, role: Role): boolean {
  return onlyOf[capability]?.includes(role) ?? true;
}

export const allCapabilities: readonly Capability[] = Capability.options;
