/** What the fence is built from, and what it is: pure data, between whoever knows the agent and whoever knows the kernel. */
import type { CredentialSource, Provider } from '../protocol/agent.ts';
import type { SandboxPath, SandboxPlan } from '../protocol/sandbox.ts';

export type SandboxRequest = {
  readonly plan: SandboxPlan;
  readonly provider: Provider;
  readonly credentials: CredentialSource;
  /** The program and its arguments; the program's path is absolute, its symbolic links not yet resolved. */
  readonly command: readonly [string, ...string[]];
  readonly projectDir: string;
  /** `agents/<id>/agent`: the only part of the data directory that the program sees. */
  readonly agentDir: string;
  readonly dataDir: string;
  readonly homeDir: string;
  /** The program's whole environment, for the folders that it names (TMPDIR, CLAUDE_CONFIG_DIR, PATH). */
  readonly environment: Readonly<Record<string, string>>;
  /** Our own programs that must be seen inside: the Node in use, `bin/`, the key helper. */
  readonly ownPaths: readonly string[];
};

export type SandboxProfile = {
  /** Outer ones first, so that a later entry narrows an earlier one. Paths need not exist. */
  readonly paths: readonly SandboxPath[];
  readonly tcpConnect: readonly number[] | 'any';
  readonly tcpBind: readonly number[] | 'any';
  readonly hasNetwork: boolean;
  /** Private temporary folder; also what stands at /tmp where that can be arranged. */
  readonly temporaryDir: string;
};
