/** The fields of a form as plain text, for the document in which a question is shown whole: nothing shortened, and no line passes for one of ours. */
import type { FormField, FormValues } from '../../server/protocol/form.ts';
import { boundsOf, typedValue } from '../../server/protocol/form-check.ts';
import type { Translate } from '../text/translate.ts';
import { oneLine, visible } from '../text/visible-text.ts';

export function formLines(fields: readonly FormField[], t: Translate): string[] {
  return fields.flatMap((field) => ['', `${t('Field')}: ${oneLine(field.name)}`, ...factsOf(field, t)]);
}

export function filledLines(values: FormValues, t: Translate): string[] {
  return Object.entries(values).map(([name, value]) => `${t('Filled in')}: ${oneLine(name)} = ${oneLine(typedValue(value))}`);
}

function factsOf(field: FormField, t: Translate): string[] {
  const suggested = typedValue(field.suggested);
  return [
    ...(field.label === field.name ? [] : [`    ${oneLine(field.label)}`]),
    ...(field.help === null ? [] : quoted(field.help)),
    `    ${[field.required ? t('needed') : t('may be left empty'), kindText(field, t), ...bounds(field, t)].join(', ')}`,
    ...(suggested === '' ? [] : [`    ${t('Suggested')}: ${oneLine(suggested)}`]),
    ...optionLines(field),
  ];
}

export function kindText(field: FormField, t: Translate): string {
  switch (field.type) {
    case 'text':
      return field.format === null ? t('a text') : t('a text of the form {0}', field.format);
    case 'number':
      return field.isWhole ? t('a whole number') : t('a number');
    case 'yesNo':
      return t('yes or no');
    case 'choice':
      return field.takesOther ? t('one of these, or words of your own') : t('one of these');
    case 'choices':
      return t('any of these');
  }
}

function bounds(field: FormField, t: Translate): string[] {
  const [least, most] = boundsOf(field);
  return [...(least === null ? [] : [t('at least {0}', least)]), ...(most === null ? [] : [t('at most {0}', most)])];
}

function optionLines(field: FormField): string[] {
  if (field.type !== 'choice' && field.type !== 'choices') return [];
  return field.options.flatMap(({ value, label, help }) => [
    `    - ${oneLine(value)}${label === value ? '' : ` (${oneLine(label)})`}`,
    ...(help === null ? [] : quoted(help)),
  ]);
}

function quoted(text: string): string[] {
  return visible(text)
    .split('\n')
    .map((line) => `    | ${line}`);
}
