/** The door of an agent: its sidecar's socket, opened by its run's token. Who it is, the token says and nothing else. */
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import * as z from 'zod/mini';
import { AgorError } from '../../protocol/errors.ts';
import type { Result } from '../../protocol/requests.ts';
import { UnreachableError } from '../exit-codes.ts';
import { CallFailure, Queued, type TeamworkDoor, type TeamworkMethod, teamworkRequests } from './door.ts';

export type AgentPass = { readonly socketPath: string; readonly token: string };

type Answer = { readonly status: number; readonly body: unknown };

const timeoutMs = 20_000;

export function agentDoor(pass: AgentPass): TeamworkDoor {
  return {
    call: async (method, params) => resultOf(method, await ask(pass, method, params)),
    send: async (method, params) => {
      const result = await ask(pass, method, params);
      const queued = z.safeParse(Queued, result);
      return queued.success ? queued.data : resultOf(method, result);
    },
  };
}

function resultOf<M extends TeamworkMethod>(method: M, result: unknown): Result<M> {
  const parsed = teamworkRequests[method].result.safeParse(result);
  // The compiler does not follow that the schema looked up by `method` infers the result of the same method.
  if (parsed.success) return parsed.data as Result<M>;
  const where = parsed.error.issues[0]?.path.join('.') ?? '';
  throw new AgorError('internal', `The answer to ${method} is not what this version expects (at "${where}").`);
}

async function ask(pass: AgentPass, method: string, params: unknown): Promise<unknown> {
  const { status, body } = await post(pass, JSON.stringify({ method, params }));
  const answered = z.safeParse(z.object({ result: z.unknown() }), body);
  if (status === 200 && answered.success) return answered.data.result;
  const failure = z.safeParse(CallFailure, body);
  if (!failure.success) throw new AgorError('internal', `The agent's sidecar answered ${method} with something else (${status}).`);
  const { error, code = status === 401 ? 'unauthorized' : 'internal' } = failure.data;
  throw status === 503 ? new UnreachableError(code, error) : new AgorError(code, error);
}

function post({ socketPath, token }: AgentPass, body: string): Promise<Answer> {
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  };
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, path: '/call', method: 'POST', headers, timeout: timeoutMs }, (response) => {
      text(response).then((said) => resolve({ status: response.statusCode ?? 0, body: parsedOrText(said) }), fail);
    });
    const fail = (cause: unknown) => reject(unreachable(cause));
    asked.once('timeout', () => asked.destroy(new Error('it does not answer')));
    asked.once('error', fail);
    asked.end(body);
  });
}

function parsedOrText(said: string): unknown {
  try {
    return JSON.parse(said);
  } catch {
    return said;
  }
}

function unreachable(cause: unknown): UnreachableError {
  const why = cause instanceof Error ? ('code' in cause ? String(cause.code) : cause.message) : String(cause);
  return new UnreachableError('unavailable', `The agent's sidecar cannot be reached (${why}). Nothing is known to be done; try again.`, {
    cause,
  });
}
