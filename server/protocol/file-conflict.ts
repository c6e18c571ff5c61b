/** A file that an agent wrote, and that somebody else wrote as well. */
import * as z from 'zod/mini';
import { AgentId } from './ids.ts';

export const FileConflict = z.object({
  path: z.string(),
  /** Agents that wrote it too. */
  otherAgents: z.array(AgentId),
  /** When somebody who is no agent was found to have changed it; null when nobody was. */
  changedElsewhereAt: z.nullable(z.number()),
  /** The agent has written over that change since. */
  isWrittenOver: z.boolean(),
});
export type FileConflict = z.infer<typeof FileConflict>;

/** More are counted, and not listed. */
export const listedConflicts = 200;
