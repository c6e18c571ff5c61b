/** A page's sentences in the person's language, as the panel sent them, or in English. */
export interface Translations<Key extends string> {
  readonly useTexts: (texts: Readonly<Record<string, string>>) => void;
  /** `{0}`, `{1}` in the sentence are replaced by `values`. */
  readonly t: (key: Key, ...values: readonly (string | number)[]) => string;
}

export function translations<Key extends string>(english: Readonly<Record<Key, string>>): Translations<Key> {
  let translated: Readonly<Record<string, string>> = {};
  return {
    useTexts: (texts) => {
      translated = texts;
    },
    t: (key, ...values) => {
      const sentence = translated[key] ?? english[key];
      return sentence.replace(/\{(\d)\}/g, (placeholder, index: string) => String(values[Number(index)] ?? placeholder));
    },
  };
}
