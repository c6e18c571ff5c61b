/** Other values of secrets for a program that runs: what asks for its key gets the new one, all else is said to be old. */
import type { RunRecord } from '../protocol/run-record.ts';
import type { SidecarParams, SidecarResult } from '../protocol/sidecar-wire.ts';
import { helperVariable, usesKeyHelper } from './adapters/claude/key-command.ts';
import type { Environment } from './program-environment.ts';
import type { SessionRunner } from './session-runner.ts';
import type { SidecarSecrets } from './sidecar-secrets.ts';

type RenewalParts = {
  readonly record: RunRecord;
  readonly runner: SessionRunner;
  readonly secrets: Pick<SidecarSecrets, 'learn'>;
  readonly log: (message: string, fields?: Record<string, unknown>) => void;
};

export async function useSecrets(
  { record, runner, secrets, log }: RenewalParts,
  wish: SidecarParams<'run/useSecrets'>,
): Promise<SidecarResult<'run/useSecrets'>> {
  secrets.learn(wish.secrets, wish.secretNames);
  runner.useSecrets({ ...runner.secrets, ...wish.secrets });
  const isOld = () => oldVariables(record, runner).length > 0;
  if (!isOld()) return { takes: 'now', wasRestarted: false };
  log('the program has old values of secrets', { variables: oldVariables(record, runner), restart: wish.restart });
  if (!wish.restart) return { takes: 'nextStart', wasRestarted: false };
  const refreshed = runner.refresh(isOld).catch((error: unknown) => log('the program did not come up again', { why: String(error) }));
  if (runner.session?.watch.turnId != null) return { takes: 'nextStart', wasRestarted: false };
  await refreshed;
  return { takes: 'now', wasRestarted: true };
}

/** Those that the program was started with in another value, and does not ask for again. */
function oldVariables(record: RunRecord, { session, secrets }: SessionRunner): string[] {
  const started = session?.opened ? session.startedWith : secrets;
  return Object.keys(secrets).filter((variable) => secrets[variable] !== started[variable] && !asksAgain(record, started, variable));
}

function asksAgain(record: RunRecord, started: Environment, variable: string): boolean {
  return variable === helperVariable && usesKeyHelper(record, started);
}
