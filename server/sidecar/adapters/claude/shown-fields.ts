/** Which fields of a tool's input its command, its diffs or its words show already, so that the others can be added. Pure. */
import type { CanUseTool } from './lines.ts';
import { commandOf, type ToolView } from './tools.ts';

/** What the content of each tool is made of. */
const inContent: Readonly<Record<string, readonly string[]>> = {
  Write: ['content'],
  Edit: ['old_string', 'new_string'],
  MultiEdit: ['edits'],
  NotebookEdit: ['new_source'],
  ExitPlanMode: ['plan'],
};
const ofAnEdit: readonly string[] = ['old_string', 'new_string'];

/** A tool that we know nothing of shows none: its whole input is added. */
export function shownFields(asked: CanUseTool, view: ToolView): (name: string, value: unknown) => boolean {
  const { tool_name, input, description } = asked;
  const isCommand = commandOf(tool_name, input) !== null;
  // A diff names its file, by the first of these that is given.
  const file = typeof input.file_path === 'string' ? 'file_path' : 'notebook_path';
  const shown = view.content.length === 0 ? [] : [file, ...(inContent[tool_name] ?? [])];
  return (name, value) => {
    if (isCommand && name === 'command') return true;
    if (isCommand && name === 'description') return value === description;
    if (name === 'edits') return shown.includes(name) && isPlainEdits(value);
    return shown.includes(name);
  };
}

/** An edit that says more than what it replaces, such as "everywhere", is not shown by its diff alone. */
function isPlainEdits(edits: unknown): boolean {
  if (!Array.isArray(edits)) return false;
  return edits.every((edit: object) => Object.keys(edit).every((name) => ofAnEdit.includes(name)));
}
