/** The scene of the word `ask`: asks whether it may run a harmless command, and shows what it printed. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { endTool, startTool, type ToolStart } from './tool-call.ts';
import { type DemoTurn, permissionFor } from './turn.ts';

const run = promisify(execFile);
const timeoutMs = 10_000;

export async function runCommand(turn: DemoTurn): Promise<void> {
  const { voice, session } = turn;
  // The one program that is certainly here is the one that runs us.
  const command = [process.execPath, '--version'];
  await voice.say('I would like to run a command that changes nothing:\n\n');
  const start: ToolStart = {
    name: 'run_command',
    title: 'Ask Node.js for its version',
    kind: 'execute',
    input: { command, cwd: session.cwd, description: 'Shows which Node.js runs the demo agent.' },
  };
  const toolCallId = await startTool(voice, start, 'pending');
  const permission = await permissionFor(turn, 'run', start, toolCallId);
  if (permission === 'no') {
    await endTool(voice, toolCallId, 'failed');
    return voice.say('You said no, so nothing was run.\n');
  }
  await voice.update({ sessionUpdate: 'tool_call_update', toolCallId, status: 'in_progress' });
  await voice.pause(400);
  await showResult(turn, toolCallId);
}

async function showResult(turn: DemoTurn, toolCallId: string): Promise<void> {
  const { voice, session, signal } = turn;
  try {
    // Electron's binary is Node.js only with this variable; Node.js itself does not mind it.
    const env = { ELECTRON_RUN_AS_NODE: '1' };
    const { stdout } = await run(process.execPath, ['--version'], { cwd: session.cwd, env, timeout: timeoutMs, signal });
    await endTool(voice, toolCallId, 'completed', stdout);
    await voice.say(`It printed:\n\n\`\`\`\n${stdout.trim()}\n\`\`\`\n`);
  } catch (error) {
    if (signal.aborted) throw error;
    const message = error instanceof Error ? error.message : String(error);
    await endTool(voice, toolCallId, 'failed', message);
    await voice.say('The command failed; what it said is above.\n');
  }
}
