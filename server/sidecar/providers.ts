/** Which adapter drives which provider's program, with what command and what environment. */
import { homedir } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { RunRecord } from '../protocol/run-record.ts';
import type { AdapterContext, AgentAdapter } from './adapter.ts';
import { createAcpAdapter } from './adapters/acp/acp-adapter.ts';
import { createClaudeAdapter } from './adapters/claude/claude-adapter.ts';
import { claudeEnvironment } from './adapters/claude/environment.ts';
import {
  baseEnvironment,
  demoEnvironment,
  type Environment,
  type Host,
  ownEnvironment,
  programEnvironment,
  runIdentity,
} from './program-environment.ts';
import { SecretMask } from './secret-mask.ts';

type Wiring = Pick<AdapterContext, 'emit' | 'onExit' | 'startProgram' | 'log'> & Pick<Host, 'runToken'>;

/** What it says, and what it refuses with, holds none of the secrets. */
export function createAdapter(record: RunRecord, secrets: Environment, wiring: Wiring): AgentAdapter {
  const mask = new SecretMask(Object.values(secrets));
  const masked: Wiring = {
    ...wiring,
    emit: (event) => wiring.emit(mask.value(event)),
    onExit: (detail) => wiring.onExit(mask.text(detail)),
    log: (message, fields) => wiring.log(mask.text(message), mask.value(fields)),
  };
  return mask.adapter(bareAdapter(record, secrets, masked));
}

function bareAdapter(record: RunRecord, secrets: Environment, { runToken, ...wiring }: Wiring): AgentAdapter {
  const { projectDir, agentDir, credentials } = record;
  const context = { ...wiring, projectDir, agentDir, command: record.command };
  const host: Host = { environment: process.env, homeDir: homedir(), runToken };
  const environment = programEnvironment(record, secrets, host);
  switch (record.provider) {
    case 'claude': {
      const base = baseEnvironment(record, host);
      const parts = { environment: ownEnvironment(record.environment), secrets: ownEnvironment(secrets) };
      const own = claudeEnvironment({ base, credentials, agentDir, ...parts });
      return createClaudeAdapter({ ...context, environment: { ...own, ...runIdentity(host) } });
    }
    case 'acp':
      return createAcpAdapter({ ...context, environment });
    case 'demo': {
      const demo = demoEnvironment(record, process.versions.electron !== undefined);
      const command = record.command.length > 0 ? record.command : [process.execPath, demoProgram(import.meta.url)];
      return createAcpAdapter({ ...context, command, environment: { ...environment, ...demo } });
    }
  }
}

/** Beside the bundle when built, in its own folder when run from sources. */
function demoProgram(selfUrl: string): string {
  return fileURLToPath(new URL(selfUrl.endsWith('.ts') ? '../demo-agent/demo-agent.ts' : './demo-agent.js', selfUrl));
}
