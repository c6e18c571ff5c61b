/**
 * The fields of a form that a server of tools asks for by a JSON schema, as the Model Context Protocol allows them: flat, of
 * texts, numbers, yes or no, and choices. What a field says besides is told apart, so that it can be shown. Pure.
 */
import * as z from 'zod/mini';
import { type Form, type FormField, TextFormat } from '../../protocol/form.ts';

/** `rest`: what the schema says and no field shows. */
export type ReadForm = { readonly form: Form; readonly rest: Readonly<Record<string, unknown>> };

const mostFields = 100;
const mostNameChars = 200;

const maybe = <T extends z.ZodMiniType>(schema: T) => z.optional(z.nullable(schema));
const bound = maybe(z.number());
const Option = z.looseObject({ const: z.string(), title: maybe(z.string()), description: maybe(z.string()) });
const said = { title: maybe(z.string()), description: maybe(z.string()) };
const Text = z.looseObject({
  ...said,
  type: z.literal('string'),
  minLength: bound,
  maxLength: bound,
  format: maybe(TextFormat),
  default: maybe(z.string()),
});
const OneOf = z.looseObject({ ...said, type: z.literal('string'), oneOf: z.array(Option), default: maybe(z.string()) });
const Enum = z.looseObject({
  ...said,
  type: z.literal('string'),
  enum: z.array(z.string()),
  enumNames: maybe(z.array(z.string())),
  default: maybe(z.string()),
});
const Numeric = z.looseObject({ ...said, type: z.enum(['number', 'integer']), minimum: bound, maximum: bound, default: bound });
const YesNo = z.looseObject({ ...said, type: z.literal('boolean'), default: maybe(z.boolean()) });
const Items = z.union([z.looseObject({ anyOf: z.array(Option) }), z.looseObject({ type: z.literal('string'), enum: z.array(z.string()) })]);
const Several = z.looseObject({
  ...said,
  type: z.literal('array'),
  items: Items,
  minItems: bound,
  maxItems: bound,
  default: maybe(z.array(z.string())),
});
const Whole = z.looseObject({
  type: z.literal('object'),
  properties: z.unknown(),
  required: maybe(z.array(z.string())),
});

type Common = Pick<FormField, 'name' | 'label' | 'help' | 'required'>;
type ReadField = { readonly field: FormField; readonly shown: readonly string[] };

/** Null for a schema whose fields we cannot all show and check. */
export function readForm(schema: unknown): ReadForm | null {
  const whole = Whole.safeParse(schema);
  if (!whole.success) return null;
  const { properties, required, type: _, $schema: __, ...besides } = whole.data;
  const needed = new Set(required ?? []);
  // As it came: a copy by a schema would leave out a name that it cannot have.
  if (typeof properties !== 'object' || properties === null || Array.isArray(properties)) return null;
  const entries: [string, unknown][] = Object.entries(properties);
  if (entries.length > mostFields || entries.some(([name]) => !isName(name))) return null;
  const fields: FormField[] = [];
  const rest: Record<string, unknown> = { ...besides };
  for (const [name, property] of entries) {
    const read = readField(property, { name, required: needed.has(name) });
    if (read === null) return null;
    fields.push(read.field);
    const unshown = Object.entries(property as object).filter(([key]) => !read.shown.includes(key)); // A record: it was read as one.
    if (unshown.length > 0) rest[name] = Object.fromEntries(unshown);
  }
  // A field that is needed and that it does not have could never be filled in.
  return [...needed].every((name) => Object.hasOwn(properties, name)) ? { form: { fields }, rest } : null;
}

/** A value is told under it, so it is one that every record can have. */
function isName(name: string): boolean {
  return name.length > 0 && name.length <= mostNameChars && name !== '__proto__';
}

function readField(property: unknown, named: Pick<Common, 'name' | 'required'>): ReadField | null {
  const common = (told: { title?: string | null | undefined; description?: string | null | undefined }): Common => ({
    ...named,
    label: told.title ?? named.name,
    help: told.description ?? null,
  });
  const kinds = [readChoice, readNumber, readYesNo, readSeveral, readText];
  for (const read of kinds) {
    const field = read(property, common);
    if (field !== null) return { ...field, shown: ['type', 'title', 'description', 'default', ...field.shown] };
  }
  return null;
}

type CommonOf = (told: { title?: string | null | undefined; description?: string | null | undefined }) => Common;

function readChoice(property: unknown, common: CommonOf): ReadField | null {
  const titled = OneOf.safeParse(property);
  if (titled.success) {
    const options = titled.data.oneOf.map(optionOf);
    return choice(titled.data, common, { options, shown: ['oneOf'] });
  }
  const listed = Enum.safeParse(property);
  if (!listed.success) return null;
  const names = listed.data.enumNames ?? [];
  const options = listed.data.enum.map((value, index) => ({ value, label: names[index] ?? value, help: null }));
  return choice(listed.data, common, { options, shown: ['enum', 'enumNames'] });
}

type Choice = Pick<Extract<FormField, { type: 'choice' }>, 'options'> & { readonly shown: readonly string[] };

function choice(told: z.infer<typeof Enum> | z.infer<typeof OneOf>, common: CommonOf, { options, shown }: Choice): ReadField {
  return { field: { ...common(told), type: 'choice', options, takesOther: false, suggested: told.default ?? null }, shown };
}

function optionOf({ const: value, title, description }: z.infer<typeof Option>) {
  return { value, label: title ?? value, help: description ?? null };
}

function readText(property: unknown, common: CommonOf): ReadField | null {
  const read = Text.safeParse(property);
  // A text that may only be some texts is another kind of field.
  if (!read.success || 'enum' in read.data || 'oneOf' in read.data) return null;
  const { minLength = null, maxLength = null, format = null, default: suggested = null } = read.data;
  const field = { ...common(read.data), type: 'text', format, minChars: minLength, maxChars: maxLength, suggested } as const;
  return { field, shown: ['minLength', 'maxLength', 'format'] };
}

function readNumber(property: unknown, common: CommonOf): ReadField | null {
  const read = Numeric.safeParse(property);
  if (!read.success) return null;
  const { type, minimum = null, maximum = null, default: suggested = null } = read.data;
  const field = { ...common(read.data), type: 'number', isWhole: type === 'integer', minimum, maximum, suggested } as const;
  return { field, shown: ['minimum', 'maximum'] };
}

function readYesNo(property: unknown, common: CommonOf): ReadField | null {
  const read = YesNo.safeParse(property);
  return read.success ? { field: { ...common(read.data), type: 'yesNo', suggested: read.data.default ?? null }, shown: [] } : null;
}

function readSeveral(property: unknown, common: CommonOf): ReadField | null {
  const read = Several.safeParse(property);
  if (!read.success) return null;
  const { items, minItems = null, maxItems = null, default: suggested } = read.data;
  // One of the two kinds of items, each with its own list.
  const options =
    'anyOf' in items
      ? (items.anyOf as z.infer<typeof Option>[]).map(optionOf)
      : (items.enum as string[]).map((value) => ({ value, label: value, help: null }));
  const field = {
    ...common(read.data),
    type: 'choices',
    options,
    minChosen: minItems,
    maxChosen: maxItems,
    suggested: suggested ?? [],
  } as const;
  return { field, shown: ['items', 'minItems', 'maxItems'] };
}
