/** What of the person's login an agent is lent: the access, which ends by itself, and never what renews it. */
import * as z from 'zod/mini';

export type LentAccess = {
  /** What the agent's program finds in place of the person's own file. */
  readonly text: string;
  /** Epoch milliseconds; null when it does not end. */
  readonly expiresAt: number | null;
  /** Whether Claude Code can renew it. */
  readonly isRenewable: boolean;
};

const Login = z.object({
  claudeAiOauth: z.object({
    accessToken: z.string(),
    refreshToken: z.optional(z.nullable(z.string())),
    expiresAt: z.optional(z.nullable(z.number())),
    scopes: z.optional(z.array(z.string())),
    subscriptionType: z.optional(z.nullable(z.string())),
    rateLimitTier: z.optional(z.nullable(z.string())),
  }),
});

/** Claude Code itself renews a login that has less than five minutes left, and leaves any other alone. */
const renewalMs = 4 * 60_000;

/** Null when nobody is logged in there. The logins of tool servers, which lie in the same file, stay behind. */
export function lentAccess(file: string): LentAccess | null {
  const login = parsed(file);
  if (login === null) return null;
  const { refreshToken, ...lent } = login.claudeAiOauth;
  return { text: JSON.stringify({ claudeAiOauth: lent }), expiresAt: lent.expiresAt ?? null, isRenewable: Boolean(refreshToken) };
}

export function isRenewalDue({ expiresAt, isRenewable }: LentAccess, now: number): boolean {
  return isRenewable && expiresAt !== null && expiresAt - now < renewalMs;
}

function parsed(file: string): z.infer<typeof Login> | null {
  try {
    return Login.parse(JSON.parse(file));
  } catch {
    // Nobody is logged in that way, or the file is not one of this program.
    return null;
  }
}
