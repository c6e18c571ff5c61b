/** A text, of a prompt or a message: from the arguments, or from stdin where that is asked for or where something is piped in. */
import { AgorError, limits } from '../protocol/errors.ts';
import { UsageError } from './exit-codes.ts';

export type Input = AsyncIterable<Uint8Array | string> & { readonly isTTY?: boolean };

/** What it is called at the start of a sentence, and how large it may be. */
export type TextBounds = { readonly what: string; readonly maxBytes: number };

export async function promptText(words: readonly string[], stdin: Input): Promise<string> {
  return givenText(words, stdin, { what: 'The prompt', maxBytes: limits.promptBytes });
}

export async function givenText(words: readonly string[], stdin: Input, bounds: TextBounds): Promise<string> {
  const fromStdin = words.length === 0 ? !stdin.isTTY : words.length === 1 && words[0] === '-';
  const text = fromStdin ? await readBounded(stdin, bounds) : words.join(' ');
  if (text.trim() === '') throw new UsageError(`${bounds.what} is empty: give its text, or "-" to read it from stdin.`);
  return text;
}

/** Input without an end is refused as soon as it is over the limit. */
async function readBounded(stdin: Input, { what, maxBytes }: TextBounds): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stdin) {
    chunks.push(Buffer.from(chunk));
    bytes += chunk.length;
    if (bytes > maxBytes)
      throw new AgorError('tooLarge', `${what} is larger than ${maxBytes / 1024} KiB. Put the text into a file and name the file.`);
  }
  return Buffer.concat(chunks).toString('utf8');
}
