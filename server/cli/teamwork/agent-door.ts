/** The door of an agent: its sidecar's socket, opened by its run's token. Who it is, the token says and nothing else. */
import * as z from 'zod/mini';
import { type ControlDoor, callControl } from '../../base/control-call.ts';
import { AgorError } from '../../protocol/errors.ts';
import type { Result } from '../../protocol/requests.ts';
import { UnreachableError } from '../exit-codes.ts';
import { Queued, type TeamworkDoor, type TeamworkMethod, teamworkRequests } from './door.ts';

export function agentDoor(door: ControlDoor): TeamworkDoor {
  return {
    call: async (method, params) => resultOf(method, await ask(door, method, params)),
    send: async (method, params) => {
      const result = await ask(door, method, params);
      const queued = z.safeParse(Queued, result);
      return queued.success ? queued.data : resultOf(method, result);
    },
  };
}

/** That nobody answers, neither sidecar nor backend, has an exit code of its own. */
async function ask(door: ControlDoor, method: TeamworkMethod, params: unknown): Promise<unknown> {
  try {
    return await callControl(door, method, params);
  } catch (error) {
    if (!(error instanceof AgorError) || error.code !== 'unavailable') throw error;
    throw new UnreachableError(error.code, error.message, { cause: error });
  }
}

function resultOf<M extends TeamworkMethod>(method: M, result: unknown): Result<M> {
  const parsed = teamworkRequests[method].result.safeParse(result);
  // The compiler does not follow that the schema looked up by `method` infers the result of the same method.
  if (parsed.success) return parsed.data as Result<M>;
  const where = parsed.error.issues[0]?.path.join('.') ?? '';
  throw new AgorError('internal', `The answer to ${method} is not what this version expects (at "${where}").`);
}
