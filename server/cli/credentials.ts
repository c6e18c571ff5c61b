/**
 * What of the caller's environment goes to an agent: keys as secrets, which the backend keeps in memory only, and the
 * rest as plain environment; or the names of the secrets that it uses instead. Values are never printed.
 */
import * as z from 'zod/mini';
import { isSecretVariable } from '../base/secret-name.ts';
import type { Agent, Provider } from '../protocol/agent.ts';
import { SecretName, SecretUse } from '../protocol/secret.ts';
import { UsageError } from './exit-codes.ts';

export type Credentials = {
  readonly secrets: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string>>;
};

type Needs = Pick<Agent, 'credentials' | 'name'> & { readonly secrets: readonly SecretUse[] };

type Source = { readonly env: NodeJS.ProcessEnv; readonly names: readonly string[]; readonly login?: boolean | undefined };

const ownNames: Readonly<Record<Provider, { readonly secrets: readonly string[]; readonly environment: readonly string[] }>> = {
  demo: { secrets: [], environment: [] },
  acp: { secrets: [], environment: [] },
  codex: { secrets: ['OPENAI_API_KEY', 'CODEX_API_KEY'], environment: ['OPENAI_BASE_URL'] },
  claude: { secrets: ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN'], environment: ['ANTHROPIC_BASE_URL'] },
};

/** With `login` the provider's own keys stay where they are; what is named in `names` goes along in any case. */
export function credentialsFor(provider: Provider, source: Source): Credentials {
  for (const name of source.names) checkName(name, source.env);
  const own = ownNames[provider];
  const names = [...(source.login ? [] : own.secrets), ...own.environment, ...source.names];
  const found = [...new Set(names)].flatMap((name) => {
    const value = source.env[name];
    return value ? [[name, value] as const] : [];
  });
  return {
    secrets: Object.fromEntries(found.filter(([name, value]) => isSecretVariable(name, value))),
    environment: Object.fromEntries(found.filter(([name, value]) => !isSecretVariable(name, value))),
  };
}

/** One sentence for each thing a person should know about where the key comes from. */
export function credentialsText(provider: Provider, { secrets, environment }: Credentials): string[] {
  const kept = Object.keys(secrets);
  const handed = Object.keys(environment);
  return [
    ...(kept.length > 0 ? [`Uses ${kept.join(' and ')} from your environment; the value is kept in memory only.`] : []),
    ...(kept.length === 0 && provider === 'claude' ? ["Uses Claude Code's own login, since no ANTHROPIC_API_KEY is set here."] : []),
    ...(kept.length === 0 && provider === 'codex' ? ["Uses Codex's own login, since no OPENAI_API_KEY is set here."] : []),
    ...(handed.length > 0 ? [`Hands ${handed.join(' and ')} on from your environment.`] : []),
  ];
}

/** From `VARIABLE[=name]`. What is typed wrong may be the key itself, so it is never repeated. */
export function secretUses(typed: readonly string[]): SecretUse[] {
  const uses = typed.map((words) => {
    const [variable = '', secret = variable] = words.split(/=(.*)/s);
    const parsed = SecretUse.safeParse({ variable, secret });
    if (parsed.success) return parsed.data;
    const wrong = SecretName.safeParse(secret).error?.issues[0]?.message ?? 'a variable has letters, digits and "_"';
    throw new UsageError(
      `--secret takes the names VARIABLE=secret, and never a value, which would show in the list of processes: ${wrong}.`,
    );
  });
  const twice = uses.find(({ variable }, index) => uses.findIndex((other) => other.variable === variable) !== index);
  if (twice) throw new UsageError(`--secret names ${twice.variable} twice. Give it one secret.`);
  return uses;
}

/** `kept`: names that some source has now. */
export function secretUsesText(uses: readonly SecretUse[], kept: ReadonlySet<string>): string[] {
  return uses.map(({ variable, secret }) => {
    const where = kept.has(secret) ? '' : ', which is not set yet: set it in VS Code with "Agor: Set Secret", or see "agor secret --help"';
    return `Uses the secret "${secret}" for ${variable}${where}.`;
  });
}

/** What a descriptor brought for the agent: a JSON object by variable or by secret, or, where it uses only one, the bare value. */
export function givenSecrets({ credentials, secrets: uses, name }: Needs, text: string): Record<string, string> {
  if (credentials === 'login') {
    throw new UsageError(
      `${name} uses its program's own login. Say which key it uses first: agor agent configure ${name} --secret <variable>`,
    );
  }
  const [only, ...others] = uses;
  const values = asValues(text) ?? (only && others.length === 0 ? { [only.variable]: text.replace(/\r?\n$/, '') } : undefined);
  const entries = Object.entries(values ?? {}).map(([given, value]) => [variableOf(given, uses, credentials), value] as const);
  const usable = entries.filter((entry): entry is [string, string] => entry[0] !== undefined && entry[1] !== '');
  if (usable.length > 0 && usable.length === entries.length) return Object.fromEntries(usable);
  const expected = uses.map(({ variable }) => `"${variable}": "…"`).join(', ') || '"VARIABLE": "…"';
  throw new UsageError(`--secret-fd: what the descriptor holds cannot be used. ${name} needs a JSON object like {${expected}}.`);
}

function asValues(text: string): Record<string, string> | undefined {
  try {
    return z.record(z.string(), z.string()).parse(JSON.parse(text));
  } catch {
    // A bare value, or nothing usable: whoever asked says so, and repeats nothing of it.
    return undefined;
  }
}

function variableOf(given: string, uses: readonly SecretUse[], credentials: Agent['credentials']): string | undefined {
  if (credentials === 'environment') return SecretUse.shape.variable.safeParse(given).data;
  return uses.find(({ variable, secret }) => variable === given || secret === given)?.variable;
}

function checkName(name: string, env: NodeJS.ProcessEnv): void {
  if (name.includes('=')) {
    const bare = name.slice(0, name.indexOf('='));
    throw new UsageError(`--env takes names only, so that no value shows in the list of processes: set ${bare} in your environment first.`);
  }
  if (env[name] === undefined) throw new UsageError(`--env ${name}: there is no ${name} in your environment. Set it, or leave it out.`);
}
