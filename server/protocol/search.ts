/** What may be found, and how it is asked for. */
import * as z from 'zod/mini';
import { AgentId, DeadLetterId, ItemId, MessageId, PartyId, ProjectId, SessionId, TaskId, TeamId } from './ids.ts';

/** In the order in which they are shown. */
export const SearchGroup = z.enum(['messages', 'tasks', 'communications', 'deadLetters', 'audit']);
export type SearchGroup = z.infer<typeof SearchGroup>;

/** Where a hit leads. `agentId` is null for an agent that was removed, and where there is none. */
export const SearchPlace = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('item'), projectId: ProjectId, agentId: z.nullable(AgentId), sessionId: SessionId, itemId: ItemId }),
  z.object({ kind: z.literal('task'), teamId: TeamId, taskId: TaskId }),
  z.object({ kind: z.literal('message'), messageId: MessageId, sender: PartyId, agentId: z.nullable(AgentId) }),
  z.object({ kind: z.literal('deadLetter'), deadLetterId: DeadLetterId, messageId: MessageId }),
  z.object({ kind: z.literal('audit'), seq: z.number() }),
]);
export type SearchPlace = z.infer<typeof SearchPlace>;

/** Plain text in pieces, so that nobody has to trust or escape markup; `isMatch` is what was looked for. */
export const SnippetPart = z.object({ text: z.string(), isMatch: z.boolean() });
export type SnippetPart = z.infer<typeof SnippetPart>;

export const SearchHit = z.object({
  group: SearchGroup,
  /** Unique among all hits. */
  id: z.string(),
  /** Who or what it is of: "builder in shop", a task's title, "lead to builder". */
  title: z.string(),
  snippet: z.array(SnippetPart),
  /** Epoch milliseconds. */
  at: z.number(),
  place: SearchPlace,
});
export type SearchHit = z.infer<typeof SearchHit>;

export const SearchAnswer = z.object({
  /** Groups without hits are left out. */
  groups: z.array(z.object({ group: SearchGroup, hits: z.array(SearchHit), hasMore: z.boolean() })),
  /** What of the query was not understood and how it was taken instead, one sentence each. */
  remarks: z.array(z.string()),
  /** False while the index is behind or being rebuilt: there may be more. */
  isComplete: z.boolean(),
});
export type SearchAnswer = z.infer<typeof SearchAnswer>;

/** `newest` is quick at any size; `best` ranks all that match, recent and exact first. */
export const SearchOrder = z.enum(['newest', 'best']);
export type SearchOrder = z.infer<typeof SearchOrder>;
