/** The search, and a look behind it. */
import type { CommandHost } from '../command-host.ts';

/** With a text, for that. */
export function search({ search: pick }: CommandHost, argument: unknown): void {
  pick.show(typeof argument === 'string' ? argument : '');
}

export function showHitBehind({ search: pick }: CommandHost): void {
  pick.showBehind();
}
