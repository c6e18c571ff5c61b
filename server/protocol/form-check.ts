/**
 * Whether values answer a form, what is wrong with those that do not, and what a person means by what they type. The backend
 * decides by it, and pages ask it before they send. Pure, and without imports, so that pages may carry it.
 */

type Common = { readonly name: string; readonly label: string; readonly help: string | null; readonly required: boolean };
type Options = readonly { readonly value: string; readonly label: string }[];
type Bound = number | null;
type Text = Common & { readonly type: 'text'; readonly format: string | null; readonly minChars: Bound; readonly maxChars: Bound };
type Numeric = Common & { readonly type: 'number'; readonly isWhole: boolean; readonly minimum: Bound; readonly maximum: Bound };
type YesNo = Common & { readonly type: 'yesNo' };
type Choice = Common & { readonly type: 'choice'; readonly options: Options; readonly takesOther: boolean };
type Choices = Common & { readonly type: 'choices'; readonly options: Options; readonly minChosen: Bound; readonly maxChosen: Bound };
/** What the schemas of `form.ts` say, as far as it is looked at here. */
type Field = Text | Numeric | YesNo | Choice | Choices;
type Value = string | number | boolean | string[];
type Values = Record<string, Value>;

/** Their sentences are in `form-texts.ts`. */
export type FormProblemText =
  | 'formMissing'
  | 'formUnknown'
  | 'formNoText'
  | 'formTooShort'
  | 'formTooLong'
  | 'formNoEmail'
  | 'formNoUri'
  | 'formNoDate'
  | 'formNoTime'
  | 'formNoNumber'
  | 'formNoWhole'
  | 'formTooSmall'
  | 'formTooLarge'
  | 'formNoYesNo'
  | 'formNoChoice'
  | 'formTooFew'
  | 'formTooMany';
export type FormProblem = { readonly field: string; readonly text: FormProblemText; readonly bound: string };
type Found = Omit<FormProblem, 'field'> | undefined;

/** Empty when they answer it. */
export function formProblems(form: { readonly fields: readonly Field[] }, values: Values): FormProblem[] {
  const known = new Set(form.fields.map(({ name }) => name));
  const unknown = Object.keys(values).filter((name) => !known.has(name));
  return [
    ...form.fields.flatMap((field) => {
      const found = problemOf(field, valueIn(values, field.name));
      return found === undefined ? [] : [{ field: field.name, ...found }];
    }),
    ...unknown.map((field) => ({ field, text: 'formUnknown' as const, bound: '' })),
  ];
}

/** What was left empty is no value. */
export function filledValues(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== '' && !(Array.isArray(value) && value.length === 0)));
}

function valueIn(values: Values, name: string): Value | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

function problemOf(field: Field, value: Value | undefined): Found {
  if (value === undefined) return field.required ? { text: 'formMissing', bound: '' } : undefined;
  switch (field.type) {
    case 'text':
      return textProblem(field, value);
    case 'number':
      return numberProblem(field, value);
    case 'yesNo':
      return typeof value === 'boolean' ? undefined : { text: 'formNoYesNo', bound: '' };
    case 'choice':
      return choiceProblem(field, value);
    case 'choices':
      return choicesProblem(field, value);
  }
}

function textProblem({ minChars, maxChars, format }: Text, value: Value): Found {
  if (typeof value !== 'string') return { text: 'formNoText', bound: '' };
  // A character is a code point, as JSON Schema counts them.
  const chars = [...value].length;
  if (minChars !== null && chars < minChars) return { text: 'formTooShort', bound: String(minChars) };
  if (maxChars !== null && chars > maxChars) return { text: 'formTooLong', bound: String(maxChars) };
  if (format === 'email' && !/^[^\s@]+@[^\s@]+$/.test(value)) return { text: 'formNoEmail', bound: '' };
  if (format === 'uri' && !/^[a-z][a-z0-9+.-]*:\S+$/i.test(value)) return { text: 'formNoUri', bound: '' };
  if (format === 'date' && !isDate(value)) return { text: 'formNoDate', bound: '' };
  const isTime = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?$/i.test(value) && isDate(value.slice(0, 10));
  return format === 'date-time' && !isTime ? { text: 'formNoTime', bound: '' } : undefined;
}

/** The 31st of February is none. */
function isDate(text: string): boolean {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

function numberProblem({ isWhole, minimum, maximum }: Numeric, value: Value): Found {
  if (typeof value !== 'number' || !Number.isFinite(value)) return { text: 'formNoNumber', bound: '' };
  if (isWhole && !Number.isInteger(value)) return { text: 'formNoWhole', bound: '' };
  if (minimum !== null && value < minimum) return { text: 'formTooSmall', bound: String(minimum) };
  return maximum !== null && value > maximum ? { text: 'formTooLarge', bound: String(maximum) } : undefined;
}

function choiceProblem({ options, takesOther }: Choice, value: Value): Found {
  if (typeof value === 'string' && (takesOther || options.some((option) => option.value === value))) return undefined;
  return { text: 'formNoChoice', bound: valuesOf(options) };
}

function choicesProblem({ options, minChosen, maxChosen }: Choices, value: Value): Found {
  const isOffered = (one: string) => options.some((option) => option.value === one);
  if (!Array.isArray(value) || !value.every(isOffered) || new Set(value).size < value.length)
    return { text: 'formNoChoice', bound: valuesOf(options) };
  if (minChosen !== null && value.length < minChosen) return { text: 'formTooFew', bound: String(minChosen) };
  return maxChosen !== null && value.length > maxChosen ? { text: 'formTooMany', bound: String(maxChosen) } : undefined;
}

/** The least and the most that a field takes: characters, a number, or how many are chosen. */
export function boundsOf(field: Field): readonly [least: Bound, most: Bound] {
  if (field.type === 'text') return [field.minChars, field.maxChars];
  if (field.type === 'number') return [field.minimum, field.maximum];
  return field.type === 'choices' ? [field.minChosen, field.maxChosen] : [null, null];
}

function valuesOf(options: Options): string {
  return options.map(({ value }) => value).join(', ');
}

/**
 * What was typed, as a value; what cannot be read stays a text, so that the check says what is wrong. `typed`: several where
 * several are chosen. Undefined: the field was left empty.
 */
export function valueTyped(field: Field, typed: readonly string[]): Value | undefined {
  const [first = ''] = typed;
  if (field.type === 'choices') {
    const chosen = typed.filter((one) => one !== '').map((one) => optionValue(field.options, one));
    return chosen.length === 0 ? undefined : chosen;
  }
  if (typed.length > 1) return [...typed];
  if (first === '') return undefined;
  if (field.type === 'choice') return optionValue(field.options, first);
  if (field.type === 'number') return /^\s*[-+]?(\d|\.\d)[\d.]*(e[-+]?\d+)?\s*$/i.test(first) ? Number(first) : first;
  if (field.type === 'yesNo') return /^(yes|true|y)$/i.test(first) ? true : /^(no|false|n)$/i.test(first) ? false : first;
  return first;
}

/** For a field to begin with, or to be shown; empty where there is none. */
export function typedValue(value: Value | null | undefined): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return Array.isArray(value) ? value.join(', ') : String(value);
}

/** A value itself goes before a label that says the same as another's value. */
function optionValue(options: Options, typed: string): string {
  if (options.some(({ value }) => value === typed)) return typed;
  return options.find(({ label }) => label === typed)?.value ?? typed;
}
