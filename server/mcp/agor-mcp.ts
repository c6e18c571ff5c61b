/**
 * ROOT and MAIN of the server of an agent's own tools: started by the agent's program, it speaks the Model Context
 * Protocol over input and output, and asks the agent's sidecar in the agent's name.
 */
import { callControl, controlDoor } from '../base/control-call.ts';
import { serveTools } from './tool-server.ts';

void main();

async function main(): Promise<never> {
  const door = controlDoor(process.env);
  if (door === null) {
    process.stderr.write('These tools are for agents that Agent Orchestrator runs. For yourself, there is "agor mcp".\n');
    process.exit(1);
  }
  // What the agent's program passes on beside it is none of our business.
  for (const name of Object.keys(process.env)) delete process.env[name];
  try {
    await serveTools((method, params) => callControl(door, method, params));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
  process.exit(0);
}
