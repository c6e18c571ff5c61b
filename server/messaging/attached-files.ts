/** What may be attached to a message. Pure. */
import { createHash } from 'node:crypto';
import { newId } from '../base/uuid.ts';
import { AgorError, limits } from '../protocol/errors.ts';
import type { AttachmentId } from '../protocol/ids.ts';
import type { Attachment } from '../protocol/message.ts';

export type GivenFile = { readonly name: string; readonly base64: string };
export type AttachedFile = Attachment & { readonly base64: string };

const maxNameBytes = 120;
/** What no file's name holds on some system, or what would make it another file than it seems. */
const unfit = /[\p{C}\p{Default_Ignorable_Code_Point}<>:"|?*]/gu;

/** Throws when one is no base64 or too large. */
export function attachedFiles(given: readonly GivenFile[]): AttachedFile[] {
  const names = new Set<string>();
  return given.map((file) => {
    const bytes = bytesOf(file);
    const name = freeName(plainName(file.name), names);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return { id: newId<AttachmentId>(), name, bytes: bytes.length, sha256, base64: file.base64 };
  });
}

/** The name alone, whatever folders were written before it; it can neither hide nor lead out of a folder. */
export function plainName(given: string): string {
  const last = given.split(/[/\\]/).at(-1) ?? '';
  const name = last
    .normalize('NFC')
    .replace(unfit, '')
    .replace(/^[.\s]+|[.\s]+$/g, '');
  return name === '' ? 'attachment' : shortened(name);
}

/** What it says, where it is text. */
export function textOf({ base64 }: AttachedFile): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(base64, 'base64'));
  } catch {
    return undefined;
  }
}

function bytesOf({ name, base64 }: GivenFile): Buffer {
  // Before it is decoded: what is far too long costs nothing.
  const bytes = base64.length > Math.ceil(limits.attachmentBytes / 3) * 4 ? undefined : Buffer.from(base64, 'base64');
  if (!bytes || bytes.length > limits.attachmentBytes) {
    throw new AgorError(
      'tooLarge',
      `The attachment "${plainName(name)}" is too large; ${limits.attachmentBytes} bytes are possible. Name its path instead, where the recipient can read it.`,
    );
  }
  if (bytes.toString('base64') === base64) return bytes;
  throw new AgorError(
    'badRequest',
    `The attachment "${plainName(name)}" is no base64. Encode its bytes with padding and without line ends.`,
  );
}

/** Two files of one message lie in one folder. */
function freeName(name: string, taken: Set<string>): string {
  const dot = name.lastIndexOf('.');
  const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
  let free = name;
  for (let nth = 2; taken.has(free.toLowerCase()); nth += 1) free = `${stem}-${nth}${ending}`;
  taken.add(free.toLowerCase());
  return free;
}

/** Keeps the ending, which says what it is. */
function shortened(name: string): string {
  if (Buffer.byteLength(name) <= maxNameBytes) return name;
  const ending = /\.[\p{L}\p{N}]{1,10}$/u.exec(name)?.[0] ?? '';
  let chars = [...name.slice(0, name.length - ending.length)];
  while (Buffer.byteLength(chars.join('') + ending) > maxNameBytes) chars = chars.slice(0, -1);
  return chars.join('') + ending;
}
