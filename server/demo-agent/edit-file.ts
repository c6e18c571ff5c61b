/** The scene of the word `edit`: proposes a change to one file of its own and makes it only when it may. */
import { listProject, pathInside, readText, writeIfUnchanged } from './project-files.ts';
import { endTool, startTool, type ToolStart } from './tool-call.ts';
import { type DemoTurn, permissionFor } from './turn.ts';

/** Its own, so that nobody's work is touched by a demonstration. */
const demoFile = 'agor-demo.md';

export async function editFile(turn: DemoTurn): Promise<void> {
  const { voice, session } = turn;
  const before = readText(session.cwd, demoFile)?.text ?? null;
  const after = changedText(before, listProject(session.cwd).entries.length, session.turns);
  const path = pathInside(session.cwd, demoFile) ?? demoFile;
  await voice.say(`I would like to ${before === null ? 'create' : 'change'} \`${demoFile}\`. Here is the change:\n\n`);
  const start: ToolStart = {
    name: 'write_file',
    title: `${before === null ? 'Create' : 'Change'} ${demoFile}`,
    kind: 'edit',
    input: { path },
    path,
    content: [{ type: 'diff', path, oldText: before, newText: after }],
  };
  const toolCallId = await startTool(voice, start, 'pending');
  const permission = await permissionFor(turn, 'edit', start, toolCallId);
  if (permission === 'no') {
    await endTool(voice, toolCallId, 'failed');
    return voice.say(`You said no, so \`${demoFile}\` stays as it was.\n`);
  }
  await writeWithTool(turn, toolCallId, before, after);
}

/** What the file holds next; pure. */
export function changedText(before: string | null, entries: number, turn: number): string {
  if (before === null) {
    return `# A note from the demo agent\n\nThis file was proposed by the demo agent and written after you allowed it.\nDelete it whenever you like.\n\n- The project's folder held ${entries} entries then.\n`;
  }
  return `${before.trimEnd()}\n- Turn ${turn}: ${entries} entries in the folder.\n`;
}

async function writeWithTool(turn: DemoTurn, toolCallId: string, before: string | null, after: string): Promise<void> {
  const { voice, session } = turn;
  await voice.update({ sessionUpdate: 'tool_call_update', toolCallId, status: 'in_progress' });
  await voice.pause(400);
  const problem = write(session.cwd, before, after);
  // Without content of its own the diff stays what is shown.
  await endTool(voice, toolCallId, problem === null ? 'completed' : 'failed', problem ?? undefined);
  await voice.say(
    problem === null
      ? `Done: \`${demoFile}\` is written. Say \`edit\` again to see a change to it.\n`
      : `I could not write it: ${problem}\n`,
  );
}

function write(cwd: string, before: string | null, after: string): string | null {
  try {
    const isWritten = writeIfUnchanged(cwd, demoFile, before, after);
    return isWritten ? null : `${demoFile} is not what you were shown any more, so nothing was written.`;
  } catch (error) {
    // A read-only folder or a full disk: the person reads why, the agent goes on.
    return error instanceof Error ? error.message : String(error);
  }
}
