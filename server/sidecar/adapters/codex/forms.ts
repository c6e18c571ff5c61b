/** What Codex and the servers of its tools ask a person to fill in, and how the values are told. Pure. */
import * as z from 'zod/mini';
import type { Decision, ToolContent } from '../../../protocol/agent-event.ts';
import type { FormField, FormValues } from '../../../protocol/form.ts';
import { typedValue } from '../../../protocol/form-check.ts';
import { readForm } from '../form-schema.ts';
import { restContent } from '../shown-whole.ts';
import type { Question, Unasked } from './questions.ts';

export type ServerForm = {
  readonly serverName: string;
  readonly message: string;
  readonly schema: unknown;
  /** All else that was asked with it. */
  readonly others: Readonly<Record<string, unknown>>;
};

const mostShownChars = 2_000;

export function serverForm({ serverName, message, schema, others }: ServerForm): Question | Unasked {
  const read = readForm(schema);
  if (read === null) return unknownForm(serverName, schema);
  const rest = Object.keys(read.rest).length === 0 ? {} : { schema: read.rest };
  return {
    codexItemId: null,
    request: {
      ...{ title: `Fill in a form of ${serverName}`, toolName: serverName, toolKind: 'other', command: null, cwd: null, resolved: null },
      content: restContent({ ...others, ...rest }, (_, value) => value === null),
      ...{ reason: message === '' ? null : message, decisions: ['allowOnce', 'deny', 'cancel'], form: read.form },
    },
    answer: (decision, values) => {
      // A yes of a backend that knows of no forms has none, and says nothing.
      if (decision !== 'deny' && decision !== 'cancel' && values) return { action: 'accept', content: values, _meta: null };
      return { action: decision === 'deny' ? 'decline' : 'cancel', content: null, _meta: null };
    },
  };
}

/** Nobody can check what they cannot read, so nobody is asked; but what was asked is shown. */
function unknownForm(serverName: string, schema: unknown): Unasked {
  const shown = JSON.stringify(schema, null, 2) ?? 'nothing';
  const cut = shown.length > mostShownChars ? `${shown.slice(0, mostShownChars)}…` : shown;
  const notice = `The server "${serverName.slice(0, 100)}" asked for a form to be filled in whose fields are of a kind that is not known here. It was declined. It asked for:\n${cut}`;
  return { answer: { action: 'decline', content: null, _meta: null }, notice };
}

const Option = z.looseObject({ label: z.string(), description: z.catch(z.string(), '') });
const Asked = z.looseObject({
  id: z.string(),
  header: z.catch(z.string(), ''),
  question: z.catch(z.string(), ''),
  isOther: z.catch(z.boolean(), false),
  isSecret: z.catch(z.boolean(), false),
  options: z.catch(z.nullable(z.array(Option)), null),
});
export const InputQuestion = z.looseObject({ itemId: z.string(), questions: z.array(Asked).check(z.minLength(1)) });

/** It takes no refusal: what is not answered is told as that. */
const unanswered = { answers: {} };

export function inputQuestion({ itemId, questions, ...others }: z.infer<typeof InputQuestion>): Question | Unasked {
  if (questions.some(({ isSecret }) => isSecret)) {
    const notice =
      'Codex asked for something secret. It was not asked of you, because answers are kept on disk; give a secret with the agent instead.';
    return { answer: unanswered, notice };
  }
  const fields = questions.map(fieldOf);
  return {
    codexItemId: itemId,
    request: {
      ...{ title: 'Answer Codex', toolName: 'request_user_input', toolKind: 'other', command: null, cwd: null, resolved: null },
      ...{ content: unshown(others), reason: null, decisions: ['allowOnce', 'deny'], form: { fields } },
    },
    answer: (decision, values) => (isYes(decision) && values ? { answers: answersOf(fields, values) } : unanswered),
  };
}

function fieldOf({ id: name, header, question, isOther, options }: z.infer<typeof Asked>): FormField {
  // Each may be left out: it is then told as not answered.
  const common = { name, label: header || name, help: question || null, required: false };
  if (options === null || options.length === 0)
    return { ...common, type: 'text', format: null, minChars: null, maxChars: null, suggested: null };
  const offered = options.map(({ label, description }) => ({ value: label, label, help: description || null }));
  return { ...common, type: 'choice', options: offered, takesOther: isOther, suggested: null };
}

function answersOf(fields: readonly FormField[], values: FormValues): Record<string, { readonly answers: readonly string[] }> {
  const given = fields.filter(({ name }) => Object.hasOwn(values, name));
  return Object.fromEntries(given.map(({ name }) => [name, { answers: [typedValue(values[name])] }]));
}

function unshown(others: Readonly<Record<string, unknown>>): ToolContent[] {
  const isOfProtocol = (name: string, value: unknown) => value === null || ['threadId', 'turnId', 'isBlocking'].includes(name);
  return restContent(others, isOfProtocol);
}

function isYes(decision: Decision): boolean {
  return decision === 'allowOnce' || decision === 'allowSession';
}
