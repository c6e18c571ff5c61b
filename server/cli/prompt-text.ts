/** The text of a prompt or the like: from the arguments, or from stdin where that is asked for or where something is piped in. */
import { AgorError, limits } from '../protocol/errors.ts';
import { UsageError } from './exit-codes.ts';

export type Input = AsyncIterable<Uint8Array | string> & { readonly isTTY?: boolean };

export async function promptText(words: readonly string[], stdin: Input, what = 'prompt'): Promise<string> {
  const fromStdin = words.length === 0 ? !stdin.isTTY : words.length === 1 && words[0] === '-';
  const text = fromStdin ? await readBounded(stdin, what) : words.join(' ');
  if (text.trim() === '') throw new UsageError(`The ${what} is empty: give its text, or "-" to read it from stdin.`);
  return text;
}

/** Input without an end is refused as soon as it is over the limit. */
async function readBounded(stdin: Input, what: string): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stdin) {
    chunks.push(Buffer.from(chunk));
    bytes += chunk.length;
    if (bytes > limits.promptBytes) {
      throw new AgorError(
        'tooLarge',
        `The ${what} is larger than ${limits.promptBytes / 1024} KiB. Put the text into a file and name the file.`,
      );
    }
  }
  return Buffer.concat(chunks).toString('utf8');
}
