/**
 * One error for everything that can come out of a request. The language client fails in five shapes when the backend is
 * not there, and which one it is depends on the moment; a caller only wants to know that the backend is away.
 */
import { AgorError, ErrorData } from '../../server/protocol/errors.ts';
import type { Translate } from '../text/translate.ts';

/** Codes of vscode-jsonrpc: write and read failed, pending request dropped, client not running; then: cancelled by us, by the server. */
const awayCodes = new Set([-32099, -32098, -32097, -32096]);
const notRunningCode = -32096;
const cancelledCodes = new Set([-32800, -32802]);
/** Codes 1 to 3 of its ConnectionError: closed, disposed, already listening. */
const connectionErrorCodes = new Set([1, 2, 3]);
/** Messages of failures that come as a plain `Error` without a code. */
const awayMessages = /Starting server failed|Client is not running|Connection (is|got) (disposed|closed)|write after end|EPIPE|ECONNRESET/;

export function toAgorError(error: unknown, t: Translate): AgorError {
  if (error instanceof AgorError) return error;
  const { code, data, message } = partsOf(error);
  const known = ErrorData.safeParse(data);
  if (known.success) return new AgorError(known.data.code, message);
  if (typeof code === 'number' && cancelledCodes.has(code)) return new AgorError('cancelled', message, { cause: error });
  if (isAway(code, message)) return backendAway(t, error);
  return new AgorError('internal', message, { cause: error });
}

export function backendAway(t: Translate, cause?: unknown): AgorError {
  return new AgorError('unavailable', t('The backend is not there now. Wait a moment, or run "Agor: Restart Backend".'), { cause });
}

/** The connection was over before the request could go out: nobody has seen it. */
export function wasNeverSent(error: unknown): boolean {
  const { code, message } = partsOf(error);
  return code === notRunningCode || (typeof code === 'number' && connectionErrorCodes.has(code)) || /Client is not running/.test(message);
}

function isAway(code: unknown, message: string): boolean {
  if (typeof code === 'number') return awayCodes.has(code) || connectionErrorCodes.has(code);
  return awayMessages.test(message);
}

function partsOf(error: unknown): { code: unknown; data: unknown; message: string } {
  if (typeof error !== 'object' || error === null) return { code: undefined, data: undefined, message: String(error) };
  return {
    code: 'code' in error ? error.code : undefined,
    data: 'data' in error ? error.data : undefined,
    message: 'message' in error && typeof error.message === 'string' ? error.message : String(error),
  };
}
