/** What the backend asks of a window: the only requests that go this way. */
import * as z from 'zod/mini';
import { SecretName } from './secret.ts';

export const clientRequests = {
  /** Null when the window has no such secret. The value is passed on to one sidecar and forgotten. */
  'secret/read': { params: z.object({ name: SecretName }), result: z.object({ value: z.nullable(z.string()) }) },
  /**
   * Puts another value where the window keeps the secret of that name; false when it keeps none. Rejects with one sentence
   * when its keyring takes nothing.
   */
  'secret/store': { params: z.object({ name: SecretName, value: z.string() }), result: z.object({ stored: z.boolean() }) },
} as const;
export type ClientMethod = keyof typeof clientRequests;
export type ClientParams<M extends ClientMethod> = z.infer<(typeof clientRequests)[M]['params']>;
export type ClientResult<M extends ClientMethod> = z.infer<(typeof clientRequests)[M]['result']>;
