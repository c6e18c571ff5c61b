/** What is wrong with a value, in a sentence for where nobody translates. */
import type { FormProblem } from './form-check.ts';
import { formTexts } from './form-texts.ts';

export function formProblemText({ field, text, bound }: FormProblem): string {
  return formTexts[text].replace(/\{([01])\}/g, (_, place) => (place === '0' ? `"${field}"` : bound));
}
