/** Who may come in, and how the others are told. Pure. */
import type { IncomingHttpHeaders } from 'node:http';
import { sameToken } from '../../auth/token.ts';
import type { ErrorCode } from '../../protocol/errors.ts';

/** `agent`: the agent's program and its hooks, with the run's token. `person`: a person's tools, with one that agents do not see. */
export type Authority = 'agent' | 'person';

export type Door = {
  readonly authority: Authority;
  readonly token: string;
  /** What `Host` must be; absent on a socket, which no browser reaches. */
  readonly host?: string;
};

export class Refused extends Error {
  readonly status: number;
  /** Of a refusal that came from behind the door. */
  readonly code: ErrorCode | null;

  constructor(status: number, message: string, code: ErrorCode | null = null) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Throws `Refused` unless the token is this door's and the caller is no page in a browser. */
export function requireCaller(headers: IncomingHttpHeaders, door: Door): void {
  // A page can be led here by a name that means this machine; nothing of ours sends these.
  if (headers.origin !== undefined || headers['sec-fetch-site'] !== undefined)
    throw new Refused(403, 'Pages in a browser are not answered.');
  if (door.host !== undefined && headers.host !== door.host) throw new Refused(403, `Host must be ${door.host}.`);
  const token = /^Bearer (\S{1,200})$/i.exec(headers.authorization ?? '')?.[1];
  if (token === undefined || !sameToken(token, door.token))
    throw new Refused(401, 'The token is missing or wrong. Send it as "Authorization: Bearer <token>".');
}
