/** The fields of a form as a person must see them to fill them in: all of them, character by character. */
import type { FormField, FormValues } from '../protocol/form.ts';
import { typedValue } from '../protocol/form-check.ts';
import { exact, exactLine } from './printable.ts';
import type { Style } from './style.ts';

export function formLines(fields: readonly FormField[], style: Style): string[] {
  return fields.flatMap((field) => [`  ${style('bold', exactLine(field.name))}: ${fieldText(field)}`, ...helpLines(field)]);
}

/** What was filled in. */
export function filledLines(values: FormValues): string[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const [first = '', ...rest] = exact(typedValue(value)).split('\n');
    return [`  filled  ${exactLine(name)} = ${first}`, ...rest.map((line) => `          ${line}`)];
  });
}

export function fieldText(field: FormField): string {
  const label = field.label === field.name ? '' : `${exactLine(field.label)}; `;
  const suggested = typedValue(field.suggested);
  const rest = [...boundTexts(field), ...(suggested === '' ? [] : [`suggested ${exactLine(suggested)}`])];
  return `${label}${field.required ? 'needed' : 'may be left empty'}, ${[kindText(field), ...rest].join(', ')}`;
}

function kindText(field: FormField): string {
  switch (field.type) {
    case 'text':
      return field.format === null ? 'a text' : `a text (${field.format})`;
    case 'number':
      return field.isWhole ? 'a whole number' : 'a number';
    case 'yesNo':
      return 'yes or no';
    case 'choice':
      return field.takesOther ? 'one of these, or words of your own' : 'one of these';
    case 'choices':
      return 'any of these';
  }
}

function boundTexts(field: FormField): string[] {
  const [least, most, what] =
    field.type === 'text'
      ? [field.minChars, field.maxChars, ' characters']
      : field.type === 'number'
        ? [field.minimum, field.maximum, '']
        : field.type === 'choices'
          ? [field.minChosen, field.maxChosen, ' of them']
          : [null, null, ''];
  return [...(least === null ? [] : [`at least ${least}${what}`]), ...(most === null ? [] : [`at most ${most}${what}`])];
}

function helpLines(field: FormField): string[] {
  const options = field.type === 'choice' || field.type === 'choices' ? field.options : [];
  return [
    ...(field.help === null ? [] : marked(field.help)),
    ...options.flatMap(({ value, label, help }) => [
      `    - ${exactLine(value)}${label === value ? '' : ` (${exactLine(label)})`}`,
      ...(help === null ? [] : marked(help)),
    ]),
  ];
}

/** No line of it passes for one of ours. */
function marked(text: string): string[] {
  return exact(text)
    .split('\n')
    .map((line) => `    | ${line}`);
}
