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
} from './program-environment.ts';

type Wiring = Pick<AdapterContext, 'emit' | 'onExit' | 'startProgram' | 'log'>;

export function createAdapter(record: RunRecord, secrets: Environment, wiring: Wiring): AgentAdapter {
  const { projectDir, agentDir, credentials } = record;
  const context = { ...wiring, projectDir, agentDir, command: record.command };
  const host: Host = { environment: process.env, homeDir: homedir() };
  const environment = programEnvironment(record, secrets, host);
  switch (record.provider) {
    case 'claude': {
      const base = baseEnvironment(record, host);
      const own = claudeEnvironment({ base, credentials, environment: ownEnvironment(record), secrets, agentDir });
      return createClaudeAdapter({ ...context, environment: own });
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
export function demoProgram(selfUrl: string): string {
  return fileURLToPath(new URL(selfUrl.endsWith('.ts') ? '../demo-agent/demo-agent.ts' : './demo-agent.js', selfUrl));
}
