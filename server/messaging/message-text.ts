/** What the text of a message may hold. Pure. */
import { AgorError, limits } from '../protocol/errors.ts';

/** All but line end and tab. */
const controls = /(?![\n\t])\p{Cc}/gu;
/** Nothing that anybody could see. */
const unseen = /^[\s\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]*$/u;

const excerptChars = 120;

/**
 * As it is kept: a control character, which would act on a terminal instead of being read, stands as its picture, and
 * half a character as the sign for one that is missing. Throws when nothing can be seen, or when it is too long.
 */
export function messageText(given: string): string {
  if (unseen.test(given)) throw new AgorError('badRequest', 'The message is empty. Write at least a word.');
  const text = given.replaceAll('\r\n', '\n').replace(controls, picture).toWellFormed();
  const bytes = Buffer.byteLength(text);
  if (bytes <= limits.messageBytes) return text;
  throw new AgorError(
    'tooLarge',
    `The message has ${bytes} bytes; ${limits.messageBytes} are possible. Attach the rest as a file, or write it into one and name its path.`,
  );
}

/** Its beginning, on one line. */
export function excerptOf(text: string): string {
  const chars = [...text.replace(/\s+/g, ' ').trim()];
  return chars.length <= excerptChars ? chars.join('') : `${chars.slice(0, excerptChars - 1).join('')}…`;
}

function picture(control: string): string {
  const code = control.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? '\u2421' : `\\x${code.toString(16)}`;
}
