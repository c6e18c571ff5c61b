/** The demo agent asks for something in its team: shown as a tool call, answered by its sidecar in the agent's name. */
import { callControl } from '../base/control-call.ts';
import { endTool, startTool } from './tool-call.ts';
import type { DemoTurn } from './turn.ts';

export type Asked = { readonly name: string; readonly title: string; readonly method: string; readonly params: Record<string, unknown> };

/** `undefined` when it was refused, or nobody is there to ask: the person has been told why. */
export async function askTeam(turn: DemoTurn, { name, title, method, params }: Asked): Promise<unknown> {
  const { voice, door } = turn;
  if (door === null) {
    await voice.say('I have no team: nobody runs me beside other agents.\n');
    return undefined;
  }
  const toolCallId = await startTool(voice, { name, title, kind: 'other', input: params }, 'in_progress');
  try {
    const result = await callControl(door, method, params);
    await endTool(voice, toolCallId, 'completed', JSON.stringify(result, null, 2));
    return result;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    await endTool(voice, toolCallId, 'failed', message);
    await voice.say(`That was refused: ${message}\n`);
    return undefined;
  }
}
