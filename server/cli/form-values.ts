/** The values of a form as they are given at a terminal: by `--set field=value`, or typed one after the other. */
import { createInterface } from 'node:readline/promises';
import { AgorError } from '../protocol/errors.ts';
import type { Form, FormField, FormValues } from '../protocol/form.ts';
import { formProblems, typedValue, valueTyped } from '../protocol/form-check.ts';
import { formProblemText } from '../protocol/form-problem-text.ts';
import { fieldText } from './form-text.ts';
import { exactLine } from './printable.ts';

/** A field that is set several times has all of them chosen. Throws for what is no field. */
export function valuesSet({ fields }: Form, sets: readonly string[]): FormValues {
  const typed = new Map<string, string[]>();
  for (const set of sets) {
    const [name, value] = splitAt(set);
    if (!fields.some((field) => field.name === name)) throw unknownField(name, fields);
    typed.set(name, [...(typed.get(name) ?? []), value]);
  }
  return filled(fields, (field) => typed.get(field.name) ?? []);
}

/** Asks for each field until it fits; an empty line takes what is suggested, or leaves it out. */
export async function askValues({ fields }: Form): Promise<FormValues> {
  const screen = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const typed = new Map<string, readonly string[]>();
    for (const field of fields) typed.set(field.name, await askField(field, (question) => screen.question(question)));
    return filled(fields, ({ name }) => typed.get(name) ?? []);
  } finally {
    screen.close();
  }
}

async function askField(field: FormField, ask: (question: string) => Promise<string>): Promise<readonly string[]> {
  for (;;) {
    const line = (await ask(`${exactLine(field.name)} (${fieldText(field)}): `)) || typedValue(field.suggested);
    const typed = field.type === 'choices' ? line.split(',').map((part) => part.trim()) : [line];
    const [problem] = formProblems(
      { fields: [field] },
      filled([field], () => typed),
    );
    if (problem === undefined) return typed;
    process.stdout.write(`${exactLine(formProblemText(problem))}\n`);
  }
}

function filled(fields: readonly FormField[], typedOf: (field: FormField) => readonly string[]): FormValues {
  const values = fields.map((field) => [field.name, valueTyped(field, typedOf(field))] as const);
  return Object.fromEntries(values.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

function splitAt(set: string): readonly [string, string] {
  const end = set.indexOf('=');
  if (end < 1) throw new AgorError('badRequest', `"${set}" sets no field. Write the name of a field, "=", and its value.`);
  return [set.slice(0, end), set.slice(end + 1)];
}

function unknownField(name: string, fields: readonly FormField[]): AgorError {
  return new AgorError('badRequest', `The question has no field "${name}". It has: ${fields.map((field) => field.name).join(', ')}.`);
}
