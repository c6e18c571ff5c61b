/** What is said of a file that an agent and somebody else have written. Pure. */
import type { FileConflict } from '../../server/protocol/file-conflict.ts';
import type { Translate } from '../text/translate.ts';
import { pickText } from '../text/visible-text.ts';
import { timeAgo } from '../text/wording.ts';

export type ConflictPlace = {
  /** Of the project. */
  readonly folder: string;
  readonly nameOf: (agentId: string) => string | undefined;
  readonly nowMs: number;
};

export type ConflictRow = { readonly label: string; readonly description: string; readonly detail: string };

export function conflictRow(conflict: FileConflict, { folder, nameOf, nowMs }: ConflictPlace, t: Translate): ConflictRow {
  const { path, otherAgents, changedElsewhereAt, isWrittenOver } = conflict;
  const isInside = path.startsWith(`${folder}/`) || path.startsWith(`${folder}\\`);
  const shown = isInside ? path.slice(folder.length + 1) : path;
  const end = Math.max(shown.lastIndexOf('/'), shown.lastIndexOf('\\'));
  const names = otherAgents.map((id) => nameOf(id) ?? t('an agent that was removed'));
  const sentences = [
    ...(names.length > 0 ? [t('Also written by {0}.', names.join(', '))] : []),
    ...(changedElsewhereAt === null ? [] : [elsewhere(isWrittenOver, timeAgo(changedElsewhereAt, nowMs, t), t)]),
  ];
  return {
    label: `$(file) ${pickText(shown.slice(end + 1))}`,
    description: pickText(shown.slice(0, Math.max(0, end))),
    detail: pickText(sentences.join(' ')),
  };
}

function elsewhere(isWrittenOver: boolean, when: string, t: Translate): string {
  if (isWrittenOver) return t('Changed by someone who is no agent, {0}; this agent has written over that.', when);
  return t('Changed by someone who is no agent, {0}.', when);
}
