/** A form that a server of tools or an agent asks for, as a person is shown it, and how it is told the answer. Pure. */
import type { Decision, PermissionRequest } from '../../protocol/agent-event.ts';
import type { FormValues } from '../../protocol/form.ts';
import { readForm } from './form-schema.ts';
import { restContent } from './shown-whole.ts';

export type AskedForm = {
  readonly title: string;
  /** Who asks, for the notice of a form that cannot be shown. */
  readonly asker: string;
  readonly toolName: string;
  readonly message: string;
  readonly schema: unknown;
  /** All else that was asked with it. */
  readonly others: Readonly<Record<string, unknown>>;
};

export type FormAnswer = { readonly action: 'accept' | 'decline' | 'cancel'; readonly content: FormValues | null };

const mostShownChars = 2_000;

/** `notice`: nobody can check what they cannot read, so nobody is asked; but what was asked for is shown. */
export function formQuestion({
  title,
  asker,
  toolName,
  message,
  schema,
  others,
}: AskedForm): PermissionRequest | { readonly notice: string } {
  const read = readForm(schema);
  if (read === null) return { notice: unknownForm(asker, schema) };
  const rest = Object.keys(read.rest).length === 0 ? {} : { schema: read.rest };
  return {
    ...{ title, toolName, toolKind: 'other', command: null, cwd: null, resolved: null },
    content: restContent({ ...others, ...rest }, (_, value) => value === null),
    ...{ reason: message === '' ? null : message, decisions: ['allowOnce', 'deny', 'cancel'], form: read.form },
  };
}

/** A yes of a backend that knows of no forms has no values, and says nothing. */
export function formAnswer(decision: Decision, values: FormValues | undefined): FormAnswer {
  if (decision === 'deny') return { action: 'decline', content: null };
  return decision === 'cancel' || !values ? { action: 'cancel', content: null } : { action: 'accept', content: values };
}

function unknownForm(asker: string, schema: unknown): string {
  const shown = JSON.stringify(schema, null, 2) ?? 'nothing';
  const cut = shown.length > mostShownChars ? `${shown.slice(0, mostShownChars)}…` : shown;
  return `${asker} asked for a form to be filled in whose fields are of a kind that is not known here. It was declined. It asked for:\n${cut}`;
}
