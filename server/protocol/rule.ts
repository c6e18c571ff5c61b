/** What a person answered once for all: about exactly this, in one project, and for a while. */
import * as z from 'zod/mini';
import { ToolKind } from './agent-event.ts';
import { ProjectId, RuleId } from './ids.ts';

export const RuleEffect = z.enum(['always', 'never']);
export type RuleEffect = z.infer<typeof RuleEffect>;

/** All that a question must be to be answered by the rule, and all that is compared. */
export const RuleMatch = z.discriminatedUnion('on', [
  /** This command line, in this folder, when its program is this file (null: a shell decides what it runs). */
  z.object({
    on: z.literal('command'),
    toolName: z.string(),
    command: z.string(),
    cwd: z.nullable(z.string()),
    resolved: z.nullable(z.string()),
    /** What else was shown with it; empty for nothing. */
    details: z.string(),
  }),
  /** Changes of this file; of everything below this folder, when it ends with a slash. */
  z.object({ on: z.literal('files'), toolName: z.string(), toolKind: ToolKind, path: z.string() }),
  /** The very same call. */
  z.object({ on: z.literal('call'), toolName: z.string(), title: z.string(), cwd: z.nullable(z.string()), details: z.string() }),
]);
export type RuleMatch = z.infer<typeof RuleMatch>;

export const Rule = z.object({
  id: RuleId,
  projectId: ProjectId,
  /** Of the question that it was made from. */
  kind: z.string(),
  kindLabel: z.string(),
  match: RuleMatch,
  effect: RuleEffect,
  createdAt: z.number(),
  /** The person's door. */
  createdBy: z.string(),
  /** Null: until it is removed. */
  expiresAt: z.nullable(z.number()),
  uses: z.number(),
  lastUsedAt: z.nullable(z.number()),
});
export type Rule = z.infer<typeof Rule>;
