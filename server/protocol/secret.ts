/** Secrets by name. Values are held by VS Code's SecretStorage, or by whoever starts a headless backend; never here. */
import * as z from 'zod/mini';
import { AgentId } from './ids.ts';

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

/** No key or certificate is longer. */
export const mostSecretChars = 64 * 1024;

/**
 * What an agent has of a new value: the next request of its program takes it, it runs with the old one until its program
 * starts the next time, or nothing of it runs and it takes it when it does.
 */
export const TakesSecret = z.enum(['now', 'nextStart', 'whenStarted']);
export type TakesSecret = z.infer<typeof TakesSecret>;

export const SecretHolder = z.object({ agentId: AgentId, agent: z.string(), takes: TakesSecret });
export type SecretHolder = z.infer<typeof SecretHolder>;

/** `isFindable: false`: the value is too short or too plain to be found in what agents say. */
export const Rotation = z.object({
  name: z.string(),
  keptBy: SecretSource,
  agents: z.array(SecretHolder),
  isFindable: z.boolean(),
});
export type Rotation = z.infer<typeof Rotation>;

/** A shorter value would be found in ordinary words, so what agents say is not searched for it. */
export const leastSecretChars = 8;

/** In which shape a secret was found in what an agent said. */
export const WithheldForm = z.enum(['plain', 'split', 'escaped', 'url', 'base64', 'base64url', 'hex', 'reversed']);
export type WithheldForm = z.infer<typeof WithheldForm>;

/** What of an agent was about to hold it. */
export const WithheldPlace = z.enum([
  'text',
  'thinking',
  'tool',
  'question',
  'plan',
  'event',
  'message',
  'task',
  'call',
  'error',
  'hook',
  'log',
]);
export type WithheldPlace = z.infer<typeof WithheldPlace>;

/** A secret was taken out of what an agent said, so often within a minute. */
export const Withheld = z.object({ secret: z.string(), place: WithheldPlace, form: WithheldForm, count: z.number() });
export type Withheld = z.infer<typeof Withheld>;
