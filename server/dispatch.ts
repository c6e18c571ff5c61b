/** The gate every door passes: parse, who is calling, policy, handler, error code. */

import * as z from 'zod/mini';
import en from 'zod/v4/locales/en.js';
import type { SessionWatcher } from './agents/session-feed.ts';
import { newId } from './base/uuid.ts';
import { type CallerIdentity, requireAllowed } from './policy/callers.ts';
import { AgorError } from './protocol/errors.ts';
import { type Method, type Params, type Result, requests } from './protocol/requests.ts';

export type Caller = CallerIdentity & {
  /** Where this caller's session changes go; the same function for the whole connection. */
  readonly watcher: SessionWatcher;
};

/** A handler for every method: one that is missing does not compile. */
export type Handlers = { readonly [M in Method]: (params: Params<M>, caller: Caller) => Result<M> | Promise<Result<M>> };

export type Dispatch = (caller: Caller, method: string, params: unknown) => Promise<unknown>;

/** Without it a refusal says that something is wrong, and not what was expected. */
z.config(en());

type Log = (message: string, fields: Record<string, unknown>) => void;

/** Throws `refused` when a person has taken from the caller what it asks for. */
type Permit = (caller: CallerIdentity, method: Method, params: unknown) => void;

type Gate = { readonly permit: Permit; readonly logFailure: Log };

export function createDispatch(handlers: Handlers, gate: Gate): Dispatch {
  return async (caller, method, params) => {
    try {
      if (!isMethod(method)) throw new AgorError('badRequest', `There is no method "${method}".`);
      requireAllowed(caller.kind, method);
      return await run(handlers[method], { method, params: parsedParams(method, params), caller }, gate.permit);
    } catch (error) {
      throw asAgorError(error, method, gate.logFailure);
    }
  };
}

function isMethod(method: string): method is Method {
  return Object.hasOwn(requests, method);
}

type Call<M extends Method> = { readonly method: M; readonly params: Params<M>; readonly caller: Caller };

function run<M extends Method>(handler: Handlers[M], { method, params, caller }: Call<M>, permit: Permit): Result<M> | Promise<Result<M>> {
  permit(caller, method, params);
  return handler(params, caller);
}

function parsedParams<M extends Method>(method: M, params: unknown): Params<M> {
  const parsed = z.safeParse(requests[method].params, params ?? {});
  // The schema of `method` was just applied; the compiler cannot join the union of all methods to this one.
  if (parsed.success) return parsed.data as Params<M>;
  const [issue] = parsed.error.issues;
  const where = issue?.path.length ? `"${issue.path.join('.')}"` : 'the parameters';
  throw new AgorError('badRequest', `${method}: ${where} cannot be used: ${issue?.message ?? 'they do not fit'}.`);
}

/** What a person can act on goes out as it is; the rest is logged in full and shown with an id to find it by. */
function asAgorError(error: unknown, method: string, logFailure: Log): AgorError {
  if (error instanceof AgorError) return error;
  const id = newId<string>().slice(-8);
  logFailure('request failed', { errorId: id, method, err: error });
  return new AgorError('internal', `Something went wrong inside the backend. The log has the details under ${id}.`, { cause: error });
}
