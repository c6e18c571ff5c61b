/** What the screening of a text for orders from the wrong place found. A signal, not a fence. */
import * as z from 'zod/mini';

export const Verdict = z.enum([
  'deliver',
  'flag', // Delivered, with a warning in its envelope.
  'hold', // Waits for the person.
]);
export type Verdict = z.infer<typeof Verdict>;

export const Finding = z.object({
  /** Of the rule, `family/name`: what it looks for is on its page. */
  rule: z.string(),
  /** What the rule stands for, in a short sentence. */
  meaning: z.string(),
  /** The place, visible and shortened. */
  excerpt: z.string(),
  /** Where it begins, in UTF-16 units. */
  at: z.number(),
});
export type Finding = z.infer<typeof Finding>;

export const Screening = z.object({ verdict: Verdict, findings: z.array(Finding) });
export type Screening = z.infer<typeof Screening>;

/** A message or a task's text that waits for the person. */
export const HeldItem = z.object({
  /** Of the message, or of the task. */
  id: z.string(),
  kind: z.enum(['message', 'task']),
  from: z.string(),
  to: z.string(),
  text: z.string(),
  findings: z.array(Finding),
  heldAt: z.number(),
});
export type HeldItem = z.infer<typeof HeldItem>;
