/** What a setting takes, as the end of a sentence about a value that it does not take. */
import type * as z from 'zod/mini';

export function expectation(issue: z.core.$ZodIssue | undefined): string {
  if (issue?.code === 'invalid_value') return `it is one of ${issue.values.join(', ')}`;
  return issue?.message ?? 'it does not fit';
}
