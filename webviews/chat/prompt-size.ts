/** How long a prompt may be. */
import { megabytesText } from './amounts.ts';
import { t } from './texts.ts';

/** The backend decides; this only spares the wire a prompt that it refuses in any case. */
export const promptBytes = 1024 * 1024;

/** The sentence that refuses a prompt that is too long. */
export function sizeProblem(text: string): string | null {
  const bytes = new TextEncoder().encode(text).length;
  return bytes > promptBytes ? t('promptTooLarge', megabytesText(bytes), megabytesText(promptBytes)) : null;
}
