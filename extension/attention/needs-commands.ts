/** What needs the person, and what else can be done about the chosen one. */
import type { CommandHost } from '../command-host.ts';

export function showNeeds({ backend, needs }: CommandHost): void {
  backend.start();
  needs.show();
}

export function showNeedActions({ needs }: CommandHost): Promise<void> {
  return needs.showActions();
}
