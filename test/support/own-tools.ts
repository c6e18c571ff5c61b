/** The server of an agent's own tools, as an adapter gets it from the sources. */
import { fileURLToPath } from 'node:url';
import type { ToolServer } from '../../server/sidecar/adapter.ts';

export const ownTools: ToolServer = {
  command: process.execPath,
  args: [fileURLToPath(new URL('../../server/mcp/agor-mcp.ts', import.meta.url))],
  env: {},
  passed: ['AGOR_CONTROL_SOCKET', 'AGOR_RUN_TOKEN'],
};
