/** The page's sentences in the person's language, as the panel sent them, or in English. */
import { type ChatText, chatTexts } from '../../server/protocol/chat-texts.ts';

let translated: Readonly<Record<string, string>> = {};

export function useTexts(texts: Readonly<Record<string, string>>): void {
  translated = texts;
}

/** `{0}`, `{1}` in the sentence are replaced by `values`. */
export function t(key: ChatText, ...values: readonly (string | number)[]): string {
  const sentence = translated[key] ?? chatTexts[key];
  return sentence.replace(/\{(\d)\}/g, (placeholder, index: string) => String(values[Number(index)] ?? placeholder));
}
