/** Which of a program's modes leave its questions to the person. By the names that programs were seen to use. Pure. */
import type { SessionChoice } from './session-choice.ts';

/** In these a program, or another model, decides in the person's place: some tools run without a question, or all of them. */
const lenient = new Set(['acceptEdits', 'autoEdit', 'auto_edit', 'auto', 'bypassPermissions', 'yolo', 'agent-full-access']);

/** The strictest first: Codex by ACP asks before every change only in "read-only". */
const asking = ['default', 'read-only', 'workspace-write', 'approve', 'manual', 'ask'];

/** Codex by ACP calls so the mode in which another model answers; to others the word means something else. */
const codexAuto = 'agent';

export function isLenient(mode: string, { offered }: Pick<SessionChoice, 'offered'>): boolean {
  return lenient.has(mode) || (mode === codexAuto && offered.includes('agent-full-access'));
}

/** Null where no mode that is offered is known to ask. */
export function askingMode({ offered }: Pick<SessionChoice, 'offered'>): string | null {
  return asking.find((mode) => offered.includes(mode)) ?? null;
}
