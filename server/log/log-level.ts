/** The level that a process logs from, as its environment says. */
import { LogLevel } from '../protocol/requests.ts';

/** The first that is set to a level counts. */
const variables = ['AGOR_LOG_LEVEL', 'LOG_LEVEL', 'AGENT_RELAY_LOG_LEVEL'] as const;

/** Undefined when it is no level. */
export function parseLogLevel(text: string | undefined): LogLevel | undefined {
  const parsed = LogLevel.safeParse(text?.trim().toLowerCase());
  return parsed.success ? parsed.data : undefined;
}

export function levelFromEnvironment(env: NodeJS.ProcessEnv): LogLevel {
  const named = variables.map((name) => parseLogLevel(env[name])).find((level) => level !== undefined);
  return named ?? (env.AGENT_RELAY_SESSION_DEBUG === '1' ? 'debug' : 'info');
}

/** One sentence about what the environment says and nobody understands; undefined when there is nothing of the kind. */
export function levelProblem(env: NodeJS.ProcessEnv): string | undefined {
  const wrong = variables.filter((name) => env[name] && parseLogLevel(env[name]) === undefined);
  if (wrong.length === 0) return undefined;
  const said = wrong.map((name) => `${name}=${JSON.stringify(env[name])}`).join(', ');
  return `No log level is meant by ${said}; levels are ${LogLevel.options.join(', ')}. Logging from ${levelFromEnvironment(env)} upwards.`;
}
