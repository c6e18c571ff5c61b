/** Secrets by name. Values are held by VS Code's SecretStorage, or by whoever starts a headless backend; never here. */
import * as z from 'zod/mini';

/** How keys of well-known services begin, and what only a random value looks like. */
const valuePrefix = /^(sk[-_]|pk[-_]|ghp_|gho_|ghs_|github_pat_|glpat-|xox[a-z]-|hf_|AKIA|AIza|eyJ)/;
const randomLooking = /^(?=.*[a-z])(?=.*[A-Z])(?=(.*[0-9]){4}).{40,}$/;

/** A value typed where a name belongs is refused before anything of ours keeps it. */
export const SecretName = z.string().check(
  z.regex(/^[A-Za-z][A-Za-z0-9_.-]{0,99}$/, 'a name begins with a letter and has letters, digits, "_", "." and "-", at most 100 of them'),
  z.refine(
    (name) => !valuePrefix.test(name) && !randomLooking.test(name),
    'this looks like a secret itself; give the name it is kept under',
  ),
);

/** Who holds the value: VS Code's store in a window, `$CREDENTIALS_DIRECTORY`, or what a descriptor gave the backend at its start. */
export const SecretSource = z.enum(['window', 'credentialsDirectory', 'descriptor']);
export type SecretSource = z.infer<typeof SecretSource>;

/** All that is kept of a secret. One that several sources hold is there once for each, in the order in which they are asked. */
export const SecretInfo = z.object({ name: z.string(), updatedAt: z.number(), source: SecretSource });
export type SecretInfo = z.infer<typeof SecretInfo>;

/** The environment variable (for Claude Code: `ANTHROPIC_API_KEY`) that the agent needs, and the secret that fills it. */
export const SecretUse = z.object({ variable: z.string().check(z.regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/)), secret: SecretName });
export type SecretUse = z.infer<typeof SecretUse>;
