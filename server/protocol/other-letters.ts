/**
 * Letters and signs that can be seen but are easily taken for others: in a command or a path, what is not plain Latin is named
 * by its code point, so that a Cyrillic "а" does not pass for the Latin one. Pure, and without imports, so that pages may carry
 * it.
 */

const ascii = /[\0-\u007f]/;
const named = 20;

type Runnable = {
  readonly toolName: string;
  readonly command: string | null;
  readonly cwd: string | null;
  readonly resolved: string | null;
  readonly form?:
    | { readonly fields: readonly { readonly name: string; readonly options?: readonly { readonly value: string }[] }[] }
    | undefined;
  readonly content: readonly ({ readonly type: 'diff'; readonly path: string } | { readonly type: 'text' })[];
};

/** In what a question would have run, where, and in which files; and in what may be chosen as an answer. */
export function otherLettersOf({ command, cwd, resolved, content, toolName, form }: Runnable): string[] {
  const paths = content.flatMap((part) => (part.type === 'diff' ? [part.path] : []));
  const fields = form?.fields.flatMap(({ name, options = [] }) => [name, ...options.map(({ value }) => value)]) ?? [];
  return otherLetters(command, cwd, resolved, toolName, ...paths, ...fields);
}

/** Each once, in their order, as `а U+0430`; what cannot be seen is left out, because it is written out where it stands. */
export function otherLetters(...texts: readonly (string | null)[]): string[] {
  const signs = new Set(texts.flatMap((text) => [...(text ?? '')]).filter((sign) => !ascii.test(sign) && visibleSign.test(sign)));
  const all = [...signs].map((sign) => `${sign} U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`);
  return all.length <= named ? all : [...all.slice(0, named), `and ${all.length - named} more`];
}

const visibleSign = /^(?![\p{Default_Ignorable_Code_Point}\u2800])[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u;
