/** Which adapter drives which provider's program, with what command and what environment. */
import { homedir } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SecretFilter } from '../leaks/secret-filter.ts';
import type { RunRecord } from '../protocol/run-record.ts';
import { codexHome, programOf } from '../sandbox/known-programs.ts';
import type { AdapterContext, AgentAdapter, ToolServer } from './adapter.ts';
import { createAcpAdapter, createDemoAdapter } from './adapters/acp/acp-adapter.ts';
import { askingEnvironment, joinedEnvironment } from './adapters/acp/asking-environment.ts';
import { homeVariables, type OwnHome, withOwnHome } from './adapters/acp/own-home.ts';
import { createClaudeAdapter } from './adapters/claude/claude-adapter.ts';
import { claudeEnvironment } from './adapters/claude/environment.ts';
import { helperVariable, keyHelperCommand, keyHelperProgram, usesKeyHelper } from './adapters/claude/key-command.ts';
import { claudeStarter } from './adapters/claude/own-config.ts';
import { createCodexAdapter } from './adapters/codex/codex-adapter.ts';
import { keySource } from './adapters/codex/key-source.ts';
import { withCodexHome } from './adapters/codex/own-home.ts';
import { filteredAdapter } from './filtered-adapter.ts';
import { FilteredEvents } from './filtered-events.ts';
import { MergedText } from './merged-text.ts';
import {
  baseEnvironment,
  demoEnvironment,
  doorVariables,
  type Environment,
  type Host,
  isMaybeFenced,
  ownEnvironment,
  programEnvironment,
  runIdentity,
  toolEnvironment,
} from './program-environment.ts';
import { ResolvedCommands } from './resolved-command.ts';

type Wiring = Pick<AdapterContext, 'emit' | 'onExit' | 'startProgram' | 'log' | 'hooks'> &
  Pick<Host, 'runToken' | 'controlSocket'> & {
    /** True where nothing is started after all: the agent's folders, which its program may be using now, stay as they are. */
    readonly isTrial?: boolean;
  };

/** What it says, and what it refuses with, holds nothing that `filter` knows. */
export function createAdapter(
  record: RunRecord,
  secrets: Environment,
  { filter, ...wiring }: Wiring & { readonly filter: SecretFilter },
): AgentAdapter {
  const events = new FilteredEvents(filter, wiring.emit);
  const path = programEnvironment(record, secrets, hostOf(wiring)).PATH ?? '';
  const commands = new ResolvedCommands({ folder: record.projectDir, path }, (event) => events.emit(event));
  const merged = new MergedText((event) => commands.emit(event));
  const filtered: Wiring = {
    ...wiring,
    emit: (event) => merged.emit(event),
    onExit: (detail, exit) => {
      merged.flush();
      events.flush();
      wiring.onExit(filter.text(detail, 'error'), exit);
    },
    log: (message, fields) => wiring.log(filter.text(message, 'log'), filter.value(fields, 'log')),
  };
  return filteredAdapter(filter, commands.adapter(bareAdapter(record, secrets, filtered)));
}

function hostOf({ runToken, controlSocket }: Pick<Wiring, 'runToken' | 'controlSocket'>): Host {
  return { environment: process.env, homeDir: homedir(), runToken, controlSocket, ...ownRuntime(import.meta.url) };
}

function bareAdapter(
  record: RunRecord,
  secrets: Environment,
  { runToken, controlSocket, isTrial = false, ...wiring }: Wiring,
): AgentAdapter {
  const { projectDir, agentDir, credentials } = record;
  const host = hostOf({ runToken, controlSocket });
  const environment = programEnvironment(record, secrets, host);
  const context = { ...wiring, projectDir, agentDir, command: record.command, tools: ownTools(runtime()) };
  switch (record.provider) {
    case 'claude': {
      const base = baseEnvironment(record, host);
      const { [helperVariable]: _, ...others } = ownEnvironment(secrets);
      const hasHelper = usesKeyHelper(record, secrets);
      const parts = { environment: ownEnvironment(record.environment), secrets: hasHelper ? others : ownEnvironment(secrets) };
      const own = claudeEnvironment({
        base: { ...base, ...toolEnvironment(record) },
        credentials,
        agentDir,
        isFenced: isMaybeFenced(record),
        ...parts,
      });
      const keyHelper = hasHelper ? keyHelperCommand(keyHelperProgram(), runtime()) : null;
      const startProgram = isTrial ? wiring.startProgram : claudeStarter(record, { ...wiring, base, environment: parts.environment });
      return createClaudeAdapter({ ...context, startProgram, keyHelper, environment: { ...own, ...runIdentity(record, host) } });
    }
    case 'codex': {
      const isFenced = isMaybeFenced(record);
      const driven = { ...context, key: keySource(record, ownEnvironment(secrets)), isFenced };
      const home = isFenced || credentials !== 'login' ? ownHome(record, host.homeDir) : null;
      // Without a fence, and with the person's login, it is the person's Codex as it is in a terminal.
      if (home === null) return createCodexAdapter({ ...driven, environment });
      const startProgram = isTrial ? wiring.startProgram : withCodexHome(wiring.startProgram, home);
      return createCodexAdapter({ ...driven, startProgram, environment: { ...environment, ...homeVariables(home.program, agentDir) } });
    }
    case 'acp': {
      // A Codex with a key would leave it in the person's home.
      const isOwn = isMaybeFenced(record) || (credentials !== 'login' && programOf(record.provider, record.command) === codexHome);
      const home = isOwn ? ownHome(record, host.homeDir) : null;
      // What the person set for the agent wins.
      const told = joinedEnvironment(askingEnvironment(record, ownEnvironment(secrets)), environment);
      if (home === null) return createAcpAdapter({ ...context, environment: told });
      const withHome = home.program === codexHome ? withCodexHome : withOwnHome;
      const startProgram = isTrial ? wiring.startProgram : withHome(wiring.startProgram, home);
      return createAcpAdapter({ ...context, startProgram, environment: { ...homeVariables(home.program, agentDir), ...told } });
    }
    case 'demo': {
      const demo = demoEnvironment(record, process.versions.electron !== undefined);
      const command = record.command.length > 0 ? record.command : [process.execPath, demoProgram(import.meta.url)];
      return createDemoAdapter({ ...context, command, environment: { ...environment, ...demo } });
    }
  }
}

/** In a fence the person's home folder is out of reach, and a known program is given one in its place. */
function ownHome({ provider, command, agentDir, credentials }: RunRecord, homeDir: string): OwnHome | null {
  const program = programOf(provider, command);
  return program && { program, agentDir, homeDir, usesLogin: credentials === 'login' };
}

/** The agent's own, over its door; which agent it is, that door knows. */
function ownTools({ execPath, isElectron }: ReturnType<typeof runtime>): ToolServer {
  return {
    command: execPath,
    args: [toolProgram(import.meta.url)],
    env: isElectron ? { ELECTRON_RUN_AS_NODE: '1' } : {},
    passed: doorVariables,
  };
}

function ownRuntime(selfUrl: string): Pick<Host, 'execPath' | 'programsDir'> {
  return { execPath: process.execPath, programsDir: dirname(fileURLToPath(selfUrl)) };
}

function runtime() {
  return { execPath: process.execPath, isElectron: process.versions.electron !== undefined, isWindows: process.platform === 'win32' };
}

/** Beside the bundle when built, in its own folder when run from sources. */
function demoProgram(selfUrl: string): string {
  return fileURLToPath(new URL(selfUrl.endsWith('.ts') ? '../demo-agent/demo-agent.ts' : './demo-agent.js', selfUrl));
}

function toolProgram(selfUrl: string): string {
  return fileURLToPath(new URL(selfUrl.endsWith('.ts') ? '../mcp/agor-mcp.ts' : './mcp.js', selfUrl));
}
