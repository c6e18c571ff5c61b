/** The closed list of error codes, and the one error type that a person may be shown. */
import * as z from 'zod/mini';

export const ErrorCode = z.enum([
  'badRequest', // The request does not fit its schema, or a value in it is not usable.
  'notFound', // Nothing has that id or name.
  'ambiguous', // The id or name fits more than one thing.
  'conflict', // It exists already, or was changed meanwhile.
  'refused', // Policy does not let this caller do that.
  'untrusted', // The project is not trusted, so nothing is started in it.
  'unauthorized', // Wrong or missing token.
  'outdated', // The caller is of another build than the backend.
  'unavailable', // The backend, or what it needs, cannot be reached now.
  'tooLarge', // Past a stated limit.
  'agentFailed', // The agent's program could not be started or spoken to.
  'needsCredentials', // The agent's key is not at hand.
  'storage', // Disk full, read-only, damaged, or a database of a newer version.
  'cancelled', // The caller gave up.
  'internal', // Anything else; the message carries an id that is in the log.
]);
export type ErrorCode = z.infer<typeof ErrorCode>;

/** An error that a person can act on: its message says what is wrong, what was expected and what to do. */
export class AgorError extends Error {
  readonly code: ErrorCode;
  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'AgorError';
    this.code = code;
  }
}

/** JSON-RPC needs a number; ours is always this one, the meaning is in `data.code`. */
export const rpcErrorCode = -32000;

/** What travels in the `data` of a JSON-RPC error. */
export const ErrorData = z.object({ code: ErrorCode });

/** Bounds of what is accepted from outside; each refusal names its limit. */
export const limits = {
  promptBytes: 1024 * 1024,
  frameBytes: 16 * 1024 * 1024,
  handshakeBytes: 64 * 1024,
  agentLineBytes: 4 * 1024 * 1024,
  toolOutputChars: 256 * 1024,
  nameChars: 100,
  reasonChars: 500,
  descriptionChars: 4_000,
  systemPromptChars: 64_000,
  messageBytes: 64 * 1024,
  attachmentBytes: 512 * 1024,
  attachmentsPerMessage: 8,
  taskTitleChars: 200,
  taskTextBytes: 64 * 1024,
  pathChars: 4_096,
  viewStateChars: 2 * 1024 * 1024,
} as const;
