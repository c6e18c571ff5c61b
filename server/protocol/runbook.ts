/**
 * The procedures of a person who keeps an installation: each step with the command that does it, in a terminal and in the
 * editor. `docs/runbook.md` is written from it, and a test holds each command against the real ones. Imports only the steps.
 */
import { incident } from './runbook-incident.ts';
import { upkeep } from './runbook-upkeep.ts';

export const procedureNames = ['daily', 'deploy', 'disk', 'corruption', 'stuck', 'incident'] as const;
export type ProcedureName = (typeof procedureNames)[number];

export type Step = {
  /** An order, without a full stop. */
  readonly title: string;
  /** What to look for, and what it means. */
  readonly text: string;
  /** For a terminal, in their order; words in angle brackets are the person's to fill in. */
  readonly lines: readonly string[];
  /** The editor's command for the same, where there is one. */
  readonly command: string | null;
  /** The part of the procedure that begins with it. */
  readonly phase?: string;
};

export type Procedure = {
  readonly title: string;
  /** When it is followed. */
  readonly when: string;
  readonly steps: readonly Step[];
};

export const runbook: Readonly<Record<ProcedureName, Procedure>> = { ...upkeep, incident };

/** A line that can be run as it stands. */
export function isComplete(line: string): boolean {
  return !/<[^>]+>/.test(line);
}
