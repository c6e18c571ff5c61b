/**
 * What tells an order of the person or of a manager from a text that only says so: a signature that the backend keeps
 * with it, and a seal that only the agent and the backend know, which the agent sees beside such an order and nowhere else.
 *
 * A signal, not a fence. The key is out of every agent's reach where the fence holds, so nobody can sign or foresee a
 * seal. But an agent that is talked into it can tell its seal to others, and none can be made to heed the difference.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { lstatSync, readFileSync } from 'node:fs';
import { sameToken } from '../auth/token.ts';
import { asStorageError } from '../base/storage-error.ts';
import { writeFileWhole } from '../base/write-file-whole.ts';
import { AgorError } from '../protocol/errors.ts';
import type { AgentId, MessageId } from '../protocol/ids.ts';
import { type EnvelopeInput, envelopeText } from './envelope.ts';

export type SignedFields = readonly (string | number | null)[];

const keyBytes = 32;
const sealChars = 12;
const boundaryChars = 16;
/** Without letters and digits that are taken for others. */
const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';

export class OrderSeals {
  readonly #key: Buffer;

  private constructor(key: Buffer) {
    this.#key = key;
  }

  /** Makes the key when there is none. Throws `storage` when the file is not what it was, or open to others. */
  static open(keyPath: string): OrderSeals {
    try {
      if (!lstatSync(keyPath, { throwIfNoEntry: false })) writeFileWhole(keyPath, randomBytes(keyBytes));
      return new OrderSeals(readKey(keyPath));
    } catch (error) {
      throw asStorageError(error, keyPath);
    }
  }

  sign(fields: SignedFields): string {
    return this.#mac('order', JSON.stringify(fields)).toString('hex');
  }

  isSigned(fields: SignedFields, signature: string): boolean {
    return sameToken(signature, this.sign(fields));
  }

  /** A secret of that agent: it belongs into no log, and into no text that somebody else reads. */
  sealFor(agentId: AgentId): string {
    return letters(this.#mac('seal', agentId), sealChars);
  }

  envelope(letter: EnvelopeInput): string {
    return envelopeText(letter, this.#boundary(letter.id, letter.seal));
  }

  /** Stands in the envelope of that message to that agent, and nobody else can have written it. */
  markOf(messageId: MessageId, agentId: AgentId): string {
    return this.#boundary(messageId, this.sealFor(agentId));
  }

  /** Nobody who writes a message can foresee it, and no other reader of the message sees the same. */
  #boundary(messageId: MessageId, seal: string): string {
    return letters(this.#mac('boundary', `${messageId}\n${seal}`), boundaryChars);
  }

  /** A purpose in front, so that what is made for one is worth nothing for another. */
  #mac(purpose: 'order' | 'seal' | 'boundary', text: string): Buffer {
    return createHmac('sha256', this.#key).update(`${purpose}\n${text}`).digest();
  }
}

function readKey(path: string): Buffer {
  const stat = lstatSync(path);
  const isOpenToOthers = process.platform !== 'win32' && (stat.mode & 0o077) !== 0;
  if (!stat.isFile() || isOpenToOthers) {
    throw new AgorError(
      'storage',
      `${path} is no file that only you can read. Remove it; a new key is made, and older orders count as unsigned.`,
    );
  }
  const key = readFileSync(path);
  if (key.length === keyBytes) return key;
  throw new AgorError(
    'storage',
    `${path} is damaged: it holds ${key.length} bytes instead of ${keyBytes}. Remove it; a new key is made, and older orders count as unsigned.`,
  );
}

function letters(bytes: Buffer, count: number): string {
  return Array.from(bytes.subarray(0, count), (byte) => alphabet[byte % alphabet.length]).join('');
}
