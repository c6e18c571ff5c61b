/** The values of an answer: only a form takes any, and it is not allowed without those that it asks for. Pure. */
import type { Decision, PermissionRequest } from '../protocol/agent-event.ts';
import { AgorError } from '../protocol/errors.ts';
import type { FormValues } from '../protocol/form.ts';
import { filledValues, formProblems } from '../protocol/form-check.ts';
import { formProblemText } from '../protocol/form-problem-text.ts';

type Given = { readonly decision: Decision; readonly values?: FormValues | undefined };

/** Undefined where none belong to the answer. Throws `badRequest` with all that is wrong with them. */
export function valuesFor({ form, title }: PermissionRequest, { decision, values }: Given): FormValues | undefined {
  const isYes = decision === 'allowOnce' || decision === 'allowSession';
  if (values !== undefined && (!form || !isYes))
    throw new AgorError('badRequest', `Values go with a yes to a question that asks for some; this answer to "${title}" takes none.`);
  if (!form || !isYes) return undefined;
  const filled = filledValues(values ?? {});
  const problems = formProblems(form, filled);
  if (problems.length === 0) return filled;
  throw new AgorError('badRequest', `"${title}" asks for values. ${problems.map(formProblemText).join(' ')}`);
}
