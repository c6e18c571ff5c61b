/** What Codex and the servers of its tools ask a person to fill in, and how the values are told. Pure. */
import * as z from 'zod/mini';
import type { Decision, ToolContent } from '../../../protocol/agent-event.ts';
import type { FormField, FormValues } from '../../../protocol/form.ts';
import { typedValue } from '../../../protocol/form-check.ts';
import { type AskedForm, formAnswer, formQuestion } from '../form-question.ts';
import { restContent } from '../shown-whole.ts';
import type { Question, Unasked } from './questions.ts';

export function serverForm(serverName: string, asked: Omit<AskedForm, 'title' | 'asker' | 'toolName'>): Question | Unasked {
  const asker = `The server "${serverName.slice(0, 100)}"`;
  const shown = formQuestion({ ...asked, title: `Fill in a form of ${serverName}`, asker, toolName: serverName });
  if ('notice' in shown) return { answer: { action: 'decline', content: null, _meta: null }, notice: shown.notice };
  return { codexItemId: null, request: shown, answer: (decision, values) => ({ ...formAnswer(decision, values), _meta: null }) };
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
