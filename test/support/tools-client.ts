/** A client of a server of tools over its input and output, as any program would be one. */
import type { TestContext } from 'node:test';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';

export type ToolsClient = {
  readonly names: () => Promise<string[]>;
  readonly call: (name: string, given?: Record<string, unknown>) => Promise<{ readonly text: string; readonly isError: boolean }>;
  readonly client: Client;
};

type Start = { readonly args: readonly string[]; readonly env: Readonly<Record<string, string>>; readonly cwd?: string };

/** Whatever but the protocol comes on the output is an error of the client, and fails the test. */
export async function startTools(t: TestContext, { args, env, cwd }: Start): Promise<ToolsClient> {
  const client = new Client({ name: 'test', version: '1' });
  client.onerror = (error) => {
    throw error;
  };
  await client.connect(new StdioClientTransport({ command: process.execPath, args: [...args], env: { ...env }, ...(cwd && { cwd }) }));
  t.after(() => client.close());
  return {
    client,
    names: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: async (name, given = {}) => {
      const { content, isError = false } = await client.callTool({ name, arguments: given });
      const parts = content as { readonly text: string }[]; // Ours are texts.
      return { text: parts.map(({ text }) => text).join(''), isError: isError === true };
    },
  };
}
