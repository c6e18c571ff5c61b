/** The fields of a question that asks for more than a yes. What an agent wrote in them is text, and nothing of it is left out. */
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { FormField, FormValues } from '../../../server/protocol/form.ts';
import type { FormProblem } from '../../../server/protocol/form-check.ts';
import { boundsOf, typedValue } from '../../../server/protocol/form-check.ts';
import { visibleText } from '../../shared/visible.ts';
import { visibleParts } from '../../shared/visible-text.ts';
import { t } from '../texts.ts';
import type { Question, RowContext } from './row-context.ts';

type Place = { readonly question: Question; readonly context: RowContext; readonly id: string; readonly isWrong: boolean };

export function formFields(question: Question, context: RowContext): TemplateResult | typeof nothing {
  const { form } = question.request;
  if (!form) return nothing;
  const problems = context.forms.shownProblems(question);
  return html`<div class="form">
    ${form.fields.map((field, index) =>
      fieldRow(
        field,
        problems.find((problem) => problem.field === field.name),
        {
          question,
          context,
          id: `field-${question.approvalId}-${index}`,
          isWrong: problems.some((problem) => problem.field === field.name),
        },
      ),
    )}
  </div>`;
}

/** What was filled in, once it was answered. */
export function filledValues(values: FormValues | undefined): TemplateResult | typeof nothing {
  if (values === undefined) return nothing;
  return html`<div class="facts">
    ${Object.entries(values).map(([name, value]) => html`<span>${shown(name)} <code>${shown(typedValue(value))}</code></span>`)}
  </div>`;
}

function fieldRow(field: FormField, problem: FormProblem | undefined, place: Place): TemplateResult {
  const { id } = place;
  const isGroup = field.type === 'choices';
  return html`<div class="form-field">
    <label id="${id}-label" for=${isGroup ? nothing : id}>
      ${shown(field.label)} ${field.label === field.name ? nothing : html`<code>${shown(field.name)}</code>`}
      <span class="faint">${field.required ? t('formNeeded') : t('formOptional')}${boundsText(field)}</span>
    </label>
    ${field.help === null ? nothing : html`<div class="reason">${shown(field.help)}</div>`} ${control(field, place)}
    ${
      problem
        ? html`<div class="form-problem" id="${id}-problem" role="alert">${t(problem.text, field.label, problem.bound)}</div>`
        : nothing
    }
  </div>`;
}

function control(field: FormField, place: Place): TemplateResult {
  if (field.type === 'choices') return checkboxes(field, place);
  if (field.type === 'yesNo') {
    const options = (['yes', 'no'] as const).map((value) => ({ value, label: t(value), help: null }));
    return selection({ ...field, options, takesOther: false }, place);
  }
  return field.type === 'choice' ? selection(field, place) : textInput(field, place);
}

function textInput(field: FormField, { question, context, id, isWrong }: Place): TemplateResult {
  const [typed = ''] = context.forms.typed(question, field);
  const told = (event: Event) => context.forms.type(question, field, [textOf(event)]);
  if (field.type === 'text' && field.format === null) {
    return html`<textarea id=${id} rows="1" aria-invalid=${isWrong} .value=${live(typed)} @input=${told}></textarea>`;
  }
  const mode = field.type === 'number' ? 'decimal' : 'text';
  return html`<input id=${id} type="text" inputmode=${mode} aria-invalid=${isWrong} .value=${live(typed)} @input=${told} />`;
}

type Selection = Pick<Extract<FormField, { type: 'choice' }>, 'options' | 'takesOther' | 'name'>;

function selection(field: FormField & Selection, { question, context, id, isWrong }: Place): TemplateResult {
  const [typed = ''] = context.forms.typed(question, field);
  const told = (event: Event) => context.forms.type(question, field, [textOf(event)]);
  const isOther = !field.options.some(({ value }) => value === typed);
  return html`<select id=${id} aria-invalid=${isWrong} .value=${live(isOther ? '' : typed)} @change=${told}>
      <option value="" ?selected=${isOther}>${t('formChoose')}</option>
      ${field.options.map(({ value, label }) => html`<option value=${value} ?selected=${value === typed}>${optionText(value, label)}</option>`)}
    </select>
    ${optionHelp(field)}
    ${
      field.takesOther
        ? html`<input
            type="text"
            aria-label=${t('formOther')}
            placeholder=${t('formOther')}
            .value=${live(isOther ? typed : '')}
            @input=${told}
          />`
        : nothing
    }`;
}

function checkboxes(field: Extract<FormField, { type: 'choices' }>, { question, context, id }: Place): TemplateResult {
  const chosen = context.forms.typed(question, field);
  const toggled = (value: string) => (chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value]);
  return html`<div role="group" id=${id} aria-labelledby="${id}-label">
    ${field.options.map(
      ({ value, label, help }) =>
        html`<label class="form-choice"
          ><input
            type="checkbox"
            .checked=${live(chosen.includes(value))}
            @change=${() => context.forms.type(question, field, toggled(value))}
          /><span>${optionText(value, label)}${help === null ? nothing : html` <span class="faint">${shown(help)}</span>`}</span></label
        >`,
    )}
  </div>`;
}

/** A list of the browser shows no second line. */
function optionHelp({ options }: Selection): TemplateResult | typeof nothing {
  const helped = options.filter(({ help }) => help !== null);
  if (helped.length === 0) return nothing;
  return html`<ul class="form-options">
    ${helped.map(({ label, help }) => html`<li>${shown(label)}: ${shown(help ?? '')}</li>`)}
  </ul>`;
}

/** Only text fits into an option, so what cannot be seen is written in it. What is sent is the value, so that is shown as well. */
function optionText(value: string, label: string): string {
  const text = value === label ? label : `${label} (${value})`;
  return visibleParts(text)
    .map((part) => (part.kind === 'plain' ? part.text : `<${part.codePoint}>`))
    .join('');
}

function boundsText(field: FormField): string {
  const [least, most] = boundsOf(field);
  const unit = field.type === 'text' ? t('formChars') : '';
  if (least === null && most === null) return '';
  const range = least === null ? `≤ ${most}` : most === null ? `≥ ${least}` : `${least}–${most}`;
  return ` · ${range}${unit === '' ? '' : ` ${unit}`}`;
}

/** Its own events only: each comes from a control of this file. */
function textOf(event: Event): string {
  const { target } = event;
  const isControl = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
  return isControl ? target.value : '';
}

function shown(text: string): (TemplateResult | string)[] {
  return visibleText(visibleParts(text));
}
