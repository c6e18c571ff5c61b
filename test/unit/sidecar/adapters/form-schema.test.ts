import assert from 'node:assert/strict';
import { it } from 'node:test';
import { readForm } from '../../../../server/sidecar/adapters/form-schema.ts';

const object = (properties: object, more: object = {}) => ({ type: 'object', properties, ...more });
const fieldOf = (property: object) => readForm(object({ a: property }))?.form.fields[0];

it('reads each kind of field with its bounds', () => {
  const common = { name: 'a', label: 'a', help: null, required: false };
  assert.deepEqual(
    fieldOf({ type: 'string', title: 'A', description: 'why', minLength: 2, maxLength: 5, format: 'email', default: 'x@y' }),
    {
      ...{ ...common, label: 'A', help: 'why', type: 'text', format: 'email', minChars: 2, maxChars: 5, suggested: 'x@y' },
    },
  );
  assert.deepEqual(fieldOf({ type: 'integer', minimum: 1, maximum: 3, default: 2 }), {
    ...{ ...common, type: 'number', isWhole: true, minimum: 1, maximum: 3, suggested: 2 },
  });
  assert.deepEqual(fieldOf({ type: 'boolean', default: false }), { ...common, type: 'yesNo', suggested: false });
  const named = fieldOf({ type: 'string', enum: ['t', 'l'], enumNames: ['test', 'live'] });
  const options = [
    { value: 't', label: 'test', help: null },
    { value: 'l', label: 'live', help: null },
  ];
  assert.deepEqual(named, { ...common, type: 'choice', options, takesOther: false, suggested: null });
  const titled = fieldOf({
    type: 'string',
    oneOf: [
      { const: 't', title: 'test' },
      { const: 'l', title: 'live' },
    ],
  });
  assert.deepEqual(titled, named);
  assert.deepEqual(fieldOf({ type: 'array', items: { type: 'string', enum: ['t'] }, minItems: 1, default: ['t'] }), {
    ...{ ...common, type: 'choices', options: [{ value: 't', label: 't', help: null }], minChosen: 1, maxChosen: null, suggested: ['t'] },
  });
});

it('tells apart what no field shows', () => {
  const read = readForm(
    object({ a: { type: 'string', pattern: '^x' }, b: { type: 'boolean' } }, { required: ['a'], additionalProperties: false }),
  );
  assert.deepEqual(read?.rest, { additionalProperties: false, a: { pattern: '^x' } });
  assert.deepEqual(
    read?.form.fields.map(({ name, required }) => [name, required]),
    [
      ['a', true],
      ['b', false],
    ],
  );
});

it('reads no form that it could not show or check whole', () => {
  const strange: [string, unknown][] = [
    ['no schema', undefined],
    ['no object', { type: 'string' }],
    ['an object in it', object({ a: object({}) })],
    ['several types', object({ a: { type: ['string', 'null'] } })],
    ['a reference', object({ a: { $ref: '#/a' } })],
    ['a choice of numbers', object({ a: { type: 'number', enum: [1], minimum: 'x' } })],
    ['a choice of strange things', object({ a: { type: 'string', enum: [1, 2] } })],
    ['a form of text that is not known', object({ a: { type: 'string', format: 'ipv4' } })],
    ['a needed field that is not there', object({}, { required: ['a'] })],
    ['a name that no record can have', object(JSON.parse('{"__proto__": {"type": "string"}}'))],
    ['too many fields', object(Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`f${index}`, { type: 'string' }])))],
  ];
  for (const [name, schema] of strange) assert.equal(readForm(schema), null, name);
});
