/** Where a Codex agent with a key of its own finds it: the variable's name, and the service that it is for. Pure. */
import type { RunRecord } from '../../../protocol/run-record.ts';
import type { Environment } from '../../program-environment.ts';
import type { KeySource } from './launch.ts';

const usualVariables = ['OPENAI_API_KEY', 'CODEX_API_KEY'];
const openAiUrl = 'https://api.openai.com/v1';

/** Null for the program's own login; and without any key, which the program then says. */
export function keySource(
  { credentials, environment }: Pick<RunRecord, 'credentials' | 'environment'>,
  secrets: Environment,
): KeySource | null {
  if (credentials === 'login') return null;
  const variable = usualVariables.find((name) => secrets[name] !== undefined) ?? Object.keys(secrets)[0];
  return variable === undefined ? null : { variable, baseUrl: environment.OPENAI_BASE_URL ?? openAiUrl };
}
