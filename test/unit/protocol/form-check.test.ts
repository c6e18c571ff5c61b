import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { FormField, FormValue } from '../../../server/protocol/form.ts';
import { filledValues, formProblems, typedValue, valueTyped } from '../../../server/protocol/form-check.ts';
import { formProblemText } from '../../../server/protocol/form-problem-text.ts';

const common = { name: 'a', label: 'A', help: null, required: false };
const text: FormField = { ...common, type: 'text', format: null, minChars: 2, maxChars: 3, suggested: null };
const format = (format: 'email' | 'uri' | 'date' | 'date-time'): FormField => ({ ...text, minChars: null, maxChars: null, format });
const whole: FormField = { ...common, type: 'number', isWhole: true, minimum: 1, maximum: 3, suggested: null };
const yesNo: FormField = { ...common, type: 'yesNo', suggested: null };
const options = ['t', 'l'].map((value) => ({ value, label: value.toUpperCase(), help: null }));
const choice: FormField = { ...common, type: 'choice', options, takesOther: false, suggested: null };
const choices: FormField = { ...common, type: 'choices', options, minChosen: 1, maxChosen: 1, suggested: [] };

const cases: [field: FormField, value: FormValue, problem: string | undefined][] = [
  [text, 'ab', undefined],
  [text, '😀😀😀', undefined],
  [text, 'a', 'formTooShort'],
  [text, 'abcd', 'formTooLong'],
  [text, 3, 'formNoText'],
  [format('email'), 'a@b', undefined],
  [format('email'), 'a b@c', 'formNoEmail'],
  [format('uri'), 'https://example.org/x', undefined],
  [format('uri'), 'example', 'formNoUri'],
  [format('date'), '2026-02-28', undefined],
  [format('date'), '2026-02-31', 'formNoDate'],
  [format('date-time'), '2026-02-28T08:30:00Z', undefined],
  [format('date-time'), 'tomorrow', 'formNoTime'],
  [whole, 2, undefined],
  [whole, 2.5, 'formNoWhole'],
  [whole, 0, 'formTooSmall'],
  [whole, 4, 'formTooLarge'],
  [whole, Number.NaN, 'formNoNumber'],
  [whole, '2', 'formNoNumber'],
  [yesNo, false, undefined],
  [yesNo, 'yes', 'formNoYesNo'],
  [choice, 't', undefined],
  [choice, 'x', 'formNoChoice'],
  [{ ...choice, takesOther: true }, 'x', undefined],
  [choices, ['t'], undefined],
  [choices, ['t', 'l'], 'formTooMany'],
  [choices, [], 'formTooFew'],
  [choices, ['t', 't'], 'formNoChoice'],
  [choices, ['x'], 'formNoChoice'],
];

it('takes what fits a field and names what does not', () => {
  for (const [field, value, problem] of cases) {
    assert.equal(formProblems({ fields: [field] }, { a: value })[0]?.text, problem, JSON.stringify([field.type, value]));
  }
});

it('needs what is needed, and takes no field that it does not have', () => {
  const problems = formProblems({ fields: [{ ...yesNo, required: true }] }, { b: 'x' });
  assert.deepEqual(problems.map(formProblemText), ['"a" is needed.', 'There is no field "b".']);
  assert.deepEqual(formProblems({ fields: [yesNo] }, {}), []);
  assert.deepEqual(filledValues({ a: '', b: [], c: false, d: 0 }), { c: false, d: 0 });
});

it('reads what is typed, by its label too, and leaves what it cannot read for the check', () => {
  assert.equal(valueTyped(whole, ['-1.5e2']), -150);
  assert.equal(valueTyped(whole, ['two']), 'two');
  assert.deepEqual([valueTyped(yesNo, ['Yes']), valueTyped(yesNo, ['no']), valueTyped(yesNo, ['maybe'])], [true, false, 'maybe']);
  assert.deepEqual([valueTyped(choice, ['L']), valueTyped(choice, ['t']), valueTyped(choice, [''])], ['l', 't', undefined]);
  assert.deepEqual([valueTyped(choices, ['T', 'l']), valueTyped(choices, [''])], [['t', 'l'], undefined]);
  assert.deepEqual(valueTyped(text, ['a', 'b']), ['a', 'b'], 'set twice, it is no text');
  assert.deepEqual([typedValue(true), typedValue(null), typedValue(['a', 'b']), typedValue(3)], ['yes', '', 'a, b', '3']);
});
