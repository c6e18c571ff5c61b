/** The fields of a question that asks for more than a yes, and the values that answer it. */
import * as z from 'zod/mini';

const maybeNumber = z.nullable(z.number());
const common = {
  /** What its value is told as. */
  name: z.string(),
  label: z.string(),
  help: z.nullable(z.string()),
  required: z.boolean(),
};
const options = z.array(z.object({ value: z.string(), label: z.string(), help: z.nullable(z.string()) }));

export const TextFormat = z.enum(['email', 'uri', 'date', 'date-time']);

export const FormField = z.discriminatedUnion('type', [
  z.object({
    ...common,
    type: z.literal('text'),
    format: z.nullable(TextFormat),
    minChars: maybeNumber,
    maxChars: maybeNumber,
    suggested: z.nullable(z.string()),
  }),
  z.object({
    ...common,
    type: z.literal('number'),
    isWhole: z.boolean(),
    minimum: maybeNumber,
    maximum: maybeNumber,
    suggested: maybeNumber,
  }),
  z.object({ ...common, type: z.literal('yesNo'), suggested: z.nullable(z.boolean()) }),
  /** `takesOther`: words of the person's own are an answer too. */
  z.object({ ...common, type: z.literal('choice'), options, takesOther: z.boolean(), suggested: z.nullable(z.string()) }),
  z.object({
    ...common,
    type: z.literal('choices'),
    options,
    minChosen: maybeNumber,
    maxChosen: maybeNumber,
    suggested: z.array(z.string()),
  }),
]);
export type FormField = z.infer<typeof FormField>;

export const Form = z.object({ fields: z.array(FormField) });
export type Form = z.infer<typeof Form>;

export const FormValue = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]);
export type FormValue = z.infer<typeof FormValue>;
/** By the names of the fields; a field that was left empty has none. */
export const FormValues = z.record(z.string(), FormValue);
export type FormValues = z.infer<typeof FormValues>;
