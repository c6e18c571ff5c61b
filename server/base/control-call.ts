/** How a program inside an agent asks its sidecar for something in the agent's name: one request over the agent's own door. */
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import * as z from 'zod/mini';
import { AgorError, ErrorCode } from '../protocol/errors.ts';

export type ControlDoor = { readonly socketPath: string; readonly token: string };

const answerMs = 60_000;

const Answer = z.object({ result: z.unknown() });
const Refusal = z.object({ error: z.string(), code: z.catch(z.optional(ErrorCode), undefined) });

/** Null outside of an agent. */
export function controlDoor(environment: Readonly<Record<string, string | undefined>>): ControlDoor | null {
  const { AGOR_CONTROL_SOCKET: socketPath, AGOR_RUN_TOKEN: token } = environment;
  return socketPath && token ? { socketPath, token } : null;
}

/** Rejects with the `AgorError` that the call was refused with, or with `unavailable`. */
export async function callControl(door: ControlDoor, method: string, params: unknown): Promise<unknown> {
  const response = await ask(door, JSON.stringify({ method, params }));
  const json = asJson(await text(response));
  const answer = Answer.safeParse(json);
  if (response.statusCode === 200 && answer.success) return answer.data.result;
  const refusal = Refusal.safeParse(json);
  if (!refusal.success)
    throw new AgorError('internal', `The agent's sidecar gave an answer that nobody can read (${response.statusCode}).`);
  const { error, code = response.statusCode === 401 ? 'unauthorized' : 'internal' } = refusal.data;
  throw new AgorError(code, error);
}

function ask({ socketPath, token }: ControlDoor, body: string): Promise<IncomingMessage> {
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  };
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, method: 'POST', path: '/call', headers, timeout: answerMs }, resolve);
    asked.once('timeout', () => asked.destroy(new Error(`no answer within ${answerMs / 1000} s`)));
    asked.once('error', ({ message }) => {
      reject(new AgorError('unavailable', `The agent's sidecar cannot be reached (${message}). Try again, or start the agent again.`));
    });
    asked.end(body);
  });
}

function asJson(answered: string): unknown {
  try {
    return JSON.parse(answered);
  } catch {
    // Whatever answered, it was no sidecar.
    return null;
  }
}
