import assert from 'node:assert/strict';
import { it } from 'node:test';
import { formLines } from '../../../server/cli/form-text.ts';
import { valuesSet } from '../../../server/cli/form-values.ts';
import type { FormField } from '../../../server/protocol/form.ts';

const common = { help: null, required: false };
const options = ['t', 'l'].map((value) => ({ value, label: value, help: null }));
const fields: FormField[] = [
  { ...common, name: 'note', label: 'note', type: 'text', format: null, minChars: null, maxChars: null, suggested: null },
  { ...common, name: 'zones', label: 'Zones', type: 'choices', options, minChosen: null, maxChosen: 2, suggested: [] },
];

it('takes a value with whatever is in it, and several of a field where several are chosen', () => {
  assert.deepEqual(valuesSet({ fields }, ['note=a=b c', 'zones=t', 'zones=l']), { note: 'a=b c', zones: ['t', 'l'] });
  assert.deepEqual(valuesSet({ fields }, []), {});
});

it('names the fields that there are when another is set, or none', () => {
  assert.throws(() => valuesSet({ fields }, ['place=here']), { code: 'badRequest', message: /no field "place". It has: note, zones/ });
  assert.throws(() => valuesSet({ fields }, ['here']), { code: 'badRequest', message: /"here" sets no field/ });
});

it('shows what an agent wrote sign by sign, so that no line of it passes for one of ours', () => {
  const help = 'one\u202e\n  stage: needed';
  const [field] = fields;
  assert.ok(field);
  const lines = formLines([{ ...field, label: 'a\nb', help }], (_, text) => text);
  assert.deepEqual(lines, ['  note: a\\u{a}b; may be left empty, a text', '    | one\\u{202e}', '    |   stage: needed']);
});
