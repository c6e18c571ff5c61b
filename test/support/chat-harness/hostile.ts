/** A sample with one text in every place where the contract takes any text at all. */
import type * as z from 'zod/mini';

/** By these a page finds things again; the backend makes them. */
const kept: ReadonlySet<string> = new Set(['id', 'teamId', 'messageId', 'feed']);

/** What zod keeps of a schema, as far as it is followed here. */
type Definition = {
  readonly type: string;
  readonly checks?: readonly unknown[];
  readonly shape?: Readonly<Record<string, z.ZodMiniType>>;
  readonly element?: z.ZodMiniType;
  readonly innerType?: z.ZodMiniType;
  readonly options?: readonly z.ZodMiniType[];
};

export function hostile<T>(schema: z.ZodMiniType<T>, sample: T, text: string): T {
  // Only texts are replaced by a text, so it stays what it was.
  return replaced(schema, sample, text) as T;
}

function replaced(schema: z.ZodMiniType, value: unknown, text: string): unknown {
  // The definition of each kind of schema has fields of its own; those that are not there are not read.
  const definition = schema._zod.def as unknown as Definition;
  const { type, checks, shape, element, innerType, options } = definition;
  if (type === 'string') return checks === undefined ? text : value;
  if (type === 'unknown' || type === 'record') return everyText(value, text);
  if (value === null || value === undefined) return value;
  if (innerType) return replaced(innerType, value, text);
  if (element && Array.isArray(value)) return value.map((entry) => replaced(element, entry, text));
  if (options) return replaced(options.find((option) => option.safeParse(value).success) ?? schema, value, text);
  if (shape === undefined || typeof value !== 'object') return value;
  const fields = Object.entries(value).map(([key, field]) => {
    const inner = shape[key];
    return [key, inner === undefined || kept.has(key) ? field : replaced(inner, field, text)];
  });
  return Object.fromEntries(fields);
}

/** Keys too. */
function everyText(value: unknown, text: string): unknown {
  if (typeof value === 'string') return text;
  if (Array.isArray(value)) return value.map((entry) => everyText(entry, text));
  if (typeof value !== 'object' || value === null) return value;
  const [first, ...others] = Object.entries(value).map(([key, entry]) => [key, everyText(entry, text)] as const);
  return Object.fromEntries(first ? [[text, first[1]], ...others] : []);
}
