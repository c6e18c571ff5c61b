/** What was typed into the forms of questions so far; the rows that show it come and go as the reader scrolls. */
import type { FormField, FormValues } from '../../../server/protocol/form.ts';
import { type FormProblem, formProblems, typedValue, valueTyped } from '../../../server/protocol/form-check.ts';
import type { Question } from './row-context.ts';

export class FormDrafts {
  readonly #onChange: () => void;
  readonly #typed = new Map<string, ReadonlyMap<string, readonly string[]>>();
  /** Those whose answer was tried: what is wrong with them is shown from then on. */
  readonly #tried = new Set<string>();

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  typed({ approvalId, hash }: Question, field: FormField): readonly string[] {
    return this.#typed.get(`${approvalId} ${hash}`)?.get(field.name) ?? suggestedIn(field);
  }

  type({ approvalId, hash }: Question, field: FormField, typed: readonly string[]): void {
    const key = `${approvalId} ${hash}`;
    this.#typed.set(key, new Map([...(this.#typed.get(key) ?? []), [field.name, typed]]));
    this.#onChange();
  }

  /** Undefined for a question that asks for none. */
  values(question: Question): FormValues | undefined {
    const { form } = question.request;
    const values = form?.fields.map((field) => [field.name, valueTyped(field, this.typed(question, field))] as const);
    return values && Object.fromEntries(values.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
  }

  /** None before an answer was tried. */
  shownProblems(question: Question): readonly FormProblem[] {
    return this.#tried.has(question.approvalId) ? problemsOf(question, this.values(question)) : [];
  }

  /** Whether what is filled in is an answer; if not, why not is shown. */
  isAnswer(question: Question): boolean {
    if (problemsOf(question, this.values(question)).length === 0) return true;
    this.#tried.add(question.approvalId);
    this.#onChange();
    return false;
  }
}

function problemsOf({ request: { form } }: Question, values: FormValues | undefined): readonly FormProblem[] {
  return form && values ? formProblems(form, values) : [];
}

function suggestedIn(field: FormField): readonly string[] {
  return field.type === 'choices' ? field.suggested : [typedValue(field.suggested)];
}
