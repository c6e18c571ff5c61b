/** What an agent asks for itself, without its secrets: what it writes to others, its tasks, and whatever else it names. */
import * as z from 'zod/mini';
import type { SecretFilter } from '../leaks/secret-filter.ts';
import { AgorError } from '../protocol/errors.ts';
import type { WithheldPlace } from '../protocol/secret.ts';

const Params = z.looseObject({ attachments: z.optional(z.array(z.looseObject({ name: z.string(), base64: z.string() }))) });

/** Throws `refused` for an attachment that holds a secret: with its bytes changed it would not be the same file. */
export function filteredParams(filter: SecretFilter, method: string, given: unknown): unknown {
  const place = placeOf(method);
  const params = Params.safeParse(given);
  // What has another shape is refused by the gate, and its words are ours no more.
  if (!params.success || !params.data.attachments) return filter.value(given, place);
  const { attachments, ...others } = params.data;
  for (const { name, base64 } of attachments) requireNoSecret(filter, name, base64);
  const clean = attachments.map(({ base64, ...attachment }) => ({ ...filter.value(attachment, place), base64 }));
  return { ...filter.value(others, place), attachments: clean };
}

function requireNoSecret(filter: SecretFilter, name: string, base64: string): void {
  const bytes = Buffer.from(base64, 'base64');
  const secret = filter.holds(bytes.toString('utf8')) ?? filter.holds(bytes.toString('latin1'));
  if (secret === undefined) return;
  throw new AgorError(
    'refused',
    `The file "${filter.text(name, 'message')}" holds the secret "${secret}", so nothing was sent. Send the message without it.`,
  );
}

function placeOf(method: string): WithheldPlace {
  if (method.startsWith('message/') || method.startsWith('channel/')) return 'message';
  return method.startsWith('task/') ? 'task' : 'call';
}
