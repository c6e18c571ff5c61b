/** Decides whether what a page asks for may go to the backend: only methods of its panel's list, with fitting parameters. */
import * as z from 'zod/mini';
import { AgorError } from '../../server/protocol/errors.ts';
import { type Method, requests } from '../../server/protocol/requests.ts';

export type PageRequest = { readonly method: Method; readonly params: unknown };

/** Throws `refused` for a method that the panel does not offer, `badRequest` for parameters that do not fit. */
export function checkPageRequest(allowed: readonly Method[], method: string, params: unknown): PageRequest {
  const known = allowed.find((name) => name === method);
  if (!known) throw new AgorError('refused', `This page may not call "${method}".`);
  const parsed = requests[known].params.safeParse(params);
  if (parsed.success) return { method: known, params: parsed.data };
  throw new AgorError('badRequest', `The parameters of ${known} do not fit: ${z.prettifyError(parsed.error)}`);
}
