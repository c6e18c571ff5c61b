/** The agent's own tools as the protocol hands them over: a program starts the servers that a session names. */
import type { McpServer } from '@agentclientprotocol/sdk';
import { type AdapterContext, toolServerName } from '../../adapter.ts';

/** Over the connection and not as arguments, so that what is passed on may be secret. */
export function mcpServers({ tools, environment }: Pick<AdapterContext, 'tools' | 'environment'>): McpServer[] {
  if (tools === null) return [];
  const passed = tools.passed.flatMap((name): [string, string][] => (environment[name] === undefined ? [] : [[name, environment[name]]]));
  const env = [...Object.entries(tools.env), ...passed].map(([name, value]) => ({ name, value }));
  return [{ name: toolServerName, command: tools.command, args: [...tools.args], env }];
}

/** Claude Code by ACP asks about each tool of a server unless it is told so; others do not read it. */
export const ownToolsAllowed = { _meta: { claudeCode: { options: { allowedTools: [`mcp__${toolServerName}`] } } } };
