/** What VS Code's own chat may use of the team: tools of this extension, and the same as an MCP server for other agents. */
import { join } from 'node:path';
import { type Disposable, type LogOutputChannel, lm, McpStdioServerDefinition } from 'vscode';
import { connectToBackend } from '../../server/launch/connect.ts';
import { dataDir } from '../settings.ts';
import { AssistantConnection } from './assistant-connection.ts';
import { registerAssistantTools } from './assistant-tools.ts';

const mcpProviderId = 'agor.team';

export type EditorChatDeps = { readonly extensionPath: string; readonly version: string; readonly log: LogOutputChannel };

/** Editors that are built from VS Code without its chat have neither. */
export function offerToEditorChat({ extensionPath, version, log }: EditorChatDeps): Disposable[] {
  const distDir = join(extensionPath, 'dist');
  const connection = new AssistantConnection({
    log,
    connect: (signal) => connectToBackend({ dataDir: dataDir(), role: 'assistant', distDir, signal }),
  });
  const parts: Disposable[] = [connection];
  if (isOffered('registerTool')) parts.push(...registerAssistantTools(connection));
  if (isOffered('registerMcpServerDefinitionProvider')) {
    const provideMcpServerDefinitions = () => [mcpServer(distDir, version)];
    parts.push(lm.registerMcpServerDefinitionProvider(mcpProviderId, { provideMcpServerDefinitions }));
  }
  return parts;
}

/** Run by the editor's own Node, as `agor mcp`. */
function mcpServer(distDir: string, version: string): McpStdioServerDefinition {
  const environment = { ELECTRON_RUN_AS_NODE: '1', AGOR_DATA_DIR: dataDir() };
  return new McpStdioServerDefinition('Agor', process.execPath, [join(distDir, 'cli', 'agor.js'), 'mcp'], environment, version);
}

function isOffered(name: 'registerTool' | 'registerMcpServerDefinitionProvider'): boolean {
  // The types are of the oldest version that is supported, and a fork may lack what they name.
  const offered: Partial<typeof lm> | undefined = lm;
  return typeof offered?.[name] === 'function';
}
