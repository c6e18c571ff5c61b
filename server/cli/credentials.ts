/**
 * What of the caller's environment goes to an agent: keys as secrets, which the backend keeps in memory only, and the
 * rest as plain environment. Values are never printed; what was taken is told by name.
 */
import { isSecretVariable } from '../base/secret-name.ts';
import type { Provider } from '../protocol/agent.ts';
import { UsageError } from './exit-codes.ts';

export type Credentials = {
  readonly secrets: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string>>;
};

type Source = { readonly env: NodeJS.ProcessEnv; readonly names: readonly string[]; readonly login?: boolean | undefined };

const ownNames: Readonly<Record<Provider, { readonly secrets: readonly string[]; readonly environment: readonly string[] }>> = {
  demo: { secrets: [], environment: [] },
  acp: { secrets: [], environment: [] },
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
    ...(handed.length > 0 ? [`Hands ${handed.join(' and ')} on from your environment.`] : []),
  ];
}

function checkName(name: string, env: NodeJS.ProcessEnv): void {
  if (name.includes('=')) {
    const bare = name.slice(0, name.indexOf('='));
    throw new UsageError(`--env takes names only, so that no value shows in the list of processes: set ${bare} in your environment first.`);
  }
  if (env[name] === undefined) throw new UsageError(`--env ${name}: there is no ${name} in your environment. Set it, or leave it out.`);
}
