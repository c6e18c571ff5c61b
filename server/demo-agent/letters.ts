/** The mail in a prompt, read as the model of another agent would: by the marks that stand around each message. Pure. */

export type Letter = { readonly id: string; readonly from: string; readonly text: string; readonly expectsReply: boolean };

/** A question that is still open, of which only the sender is told. */
export type Owed = Pick<Letter, 'id' | 'from' | 'text'>;

const beginning = /^--- agor message (\S+) \((\S+)\) ---$/;

export function lettersIn(text: string): Letter[] {
  const lines = text.split('\n');
  return lines.flatMap((line, at) => {
    const [, id, boundary] = beginning.exec(line) ?? [];
    return id === undefined || boundary === undefined ? [] : letter(id, boundary, lines.slice(at + 1));
  });
}

export function owedIn(text: string): Owed[] {
  const at = text.search(/^You owe (a reply|replies) to /m);
  if (at === -1) return [];
  const found = text.slice(at).matchAll(/^- (\S+) from (.+)$/gm);
  return [...found].map(([, id = '', from = '']) => ({ id, from, text: '' }));
}

export function isMail(text: string): boolean {
  return lettersIn(text).length > 0 || owedIn(text).length > 0;
}

/** What is not whole is no letter. */
function letter(id: string, boundary: string, after: readonly string[]): Letter[] {
  const text = after.indexOf(`--- text ${boundary} ---`);
  const end = after.indexOf(`--- end ${boundary} ---`);
  if (text === -1 || end < text) return [];
  const header = after.slice(0, text);
  const field = (name: string) => header.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2) ?? '';
  const from = field('from').replace(/ \(.*$/, '');
  return [{ id, from, text: after.slice(text + 1, end).join('\n'), expectsReply: field('reply').startsWith('expected') }];
}
