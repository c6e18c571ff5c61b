/** Fills in a question that asks for values: one field after the other, each checked as it is typed, with a way back. */
import { l10n, type QuickPickItem } from 'vscode';
import type { PermissionRequest } from '../../server/protocol/agent-event.ts';
import type { FormField, FormValues } from '../../server/protocol/form.ts';
import { formProblems, typedValue, valueTyped } from '../../server/protocol/form-check.ts';
import { formTexts } from '../../server/protocol/form-texts.ts';
import { type Answer, back, inputStep, pickManyStep, pickStep, runSteps, type StepPlace } from '../picks/pick-steps.ts';
import { messageText, oneLine, pickText } from '../text/visible-text.ts';
import { kindText } from './form-lines.ts';

type Option = QuickPickItem & { readonly value: string };

/** Undefined when the person changed their mind. */
export function fillForm({ title, form }: PermissionRequest): Promise<FormValues | undefined> {
  const fields = form?.fields ?? [];
  const steps = fields.map((field) => async (draft: FormValues, place: StepPlace): Promise<Answer<FormValues>> => {
    const typed = await askField(field, place);
    if (typed === undefined || typed === back) return typed;
    return withValue(draft, field, typed);
  });
  return runSteps<FormValues>(oneLine(title), {}, () => steps);
}

function withValue(draft: FormValues, field: FormField, typed: readonly string[]): FormValues {
  const value = valueTyped(field, typed);
  const others = Object.entries(draft).filter(([name]) => name !== field.name);
  return Object.fromEntries([...others, ...(value === undefined ? [] : [[field.name, value] as const])]);
}

async function askField(field: FormField, place: StepPlace): Promise<Answer<readonly string[]>> {
  if (field.type === 'choices')
    return pickManyStep(place, { placeholder: promptOf(field), items: optionsOf(field), problem: (chosen) => problemOf(field, chosen) });
  if (field.type === 'yesNo' || (field.type === 'choice' && !field.takesOther)) {
    const chosen = await pickStep<Option>(place, { placeholder: promptOf(field), items: optionsOf(field) });
    return chosen === undefined || chosen === back ? chosen : [chosen.value];
  }
  const options = field.type === 'choice' ? field.options.map(({ value }) => oneLine(value)).join(', ') : '';
  const input = {
    prompt: promptOf(field),
    value: typedValue(field.suggested),
    placeholder: options,
    problem: (typed: string) => problemOf(field, [typed]),
  };
  const typed = await inputStep(place, input);
  return typed === undefined || typed === back ? typed : [typed];
}

function optionsOf(field: FormField): Option[] {
  if (field.type === 'yesNo') return [...ofYesNo(), ...emptyOf(field)];
  if (field.type !== 'choice' && field.type !== 'choices') return [];
  const suggested = new Set(field.type === 'choices' ? field.suggested : []);
  const options = field.options.map(({ value, label, help }) => ({
    value,
    label: pickText(label),
    description: value === label ? '' : pickText(value),
    detail: help === null ? '' : pickText(help),
    picked: suggested.has(value),
  }));
  return field.type === 'choices' ? options : [...options, ...emptyOf(field)];
}

function ofYesNo(): Option[] {
  return [
    { value: 'yes', label: l10n.t('yes') },
    { value: 'no', label: l10n.t('no') },
  ];
}

function emptyOf({ required }: FormField): Option[] {
  return required ? [] : [{ value: '', label: `$(dash) ${l10n.t('Leave It Empty')}` }];
}

function promptOf(field: FormField): string {
  const help = field.help === null ? '' : ` ${oneLine(field.help)}`;
  return `${oneLine(field.label)} (${field.required ? l10n.t('needed') : l10n.t('may be left empty')}, ${kindText(field, l10n.t)}).${help}`;
}

function problemOf(field: FormField, typed: readonly string[]): string | undefined {
  const [problem] = formProblems({ fields: [field] }, withValue({}, field, typed));
  if (!problem) return undefined;
  const text = formTexts[problem.text];
  const filled = l10n.t(text).replace('{1}', () => problem.bound);
  return messageText(filled.replace('{0}', () => field.label));
}
