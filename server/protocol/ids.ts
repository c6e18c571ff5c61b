/** Identifiers on the wire: UUIDv7 strings, branded so that one kind is never passed for another. */
import * as z from 'zod/mini';

const uuid = () => z.string().check(z.regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/));

export const ProjectId = uuid().brand<'ProjectId'>();
export const AgentId = uuid().brand<'AgentId'>();
export const SessionId = uuid().brand<'SessionId'>();
export const RunId = uuid().brand<'RunId'>();
export const TurnId = uuid().brand<'TurnId'>();
export const PromptId = uuid().brand<'PromptId'>();
export const ItemId = uuid().brand<'ItemId'>();
export const ApprovalId = uuid().brand<'ApprovalId'>();
export const MessageId = uuid().brand<'MessageId'>();
export const AttachmentId = uuid().brand<'AttachmentId'>();
export const ChannelId = uuid().brand<'ChannelId'>();
export const TaskId = uuid().brand<'TaskId'>();
export const WakeId = uuid().brand<'WakeId'>();
export const DeadLetterId = uuid().brand<'DeadLetterId'>();
export const NoticeId = uuid().brand<'NoticeId'>();
export const WorktreeId = uuid().brand<'WorktreeId'>();
export const RuleId = uuid().brand<'RuleId'>();
/** Of a group of `groups.json`, or of a project whose agents are a team by themselves: then it is the project's id. */
export const TeamId = z.string().brand<'TeamId'>();
/** An agent's id, or one of `person`, `assistant` (the chat of an editor, working for the person) and `system` (the backend). */
export const PartyId = z.string().brand<'PartyId'>();

export type ProjectId = z.infer<typeof ProjectId>;
export type AgentId = z.infer<typeof AgentId>;
export type SessionId = z.infer<typeof SessionId>;
export type RunId = z.infer<typeof RunId>;
export type TurnId = z.infer<typeof TurnId>;
export type PromptId = z.infer<typeof PromptId>;
export type ItemId = z.infer<typeof ItemId>;
export type ApprovalId = z.infer<typeof ApprovalId>;
export type MessageId = z.infer<typeof MessageId>;
export type AttachmentId = z.infer<typeof AttachmentId>;
export type ChannelId = z.infer<typeof ChannelId>;
export type TaskId = z.infer<typeof TaskId>;
export type WakeId = z.infer<typeof WakeId>;
export type DeadLetterId = z.infer<typeof DeadLetterId>;
export type NoticeId = z.infer<typeof NoticeId>;
export type WorktreeId = z.infer<typeof WorktreeId>;
export type RuleId = z.infer<typeof RuleId>;
export type TeamId = z.infer<typeof TeamId>;
export type PartyId = z.infer<typeof PartyId>;

/** What a person types for a thing: its name, its id, or a prefix or suffix of the id that fits only one. */
export const Reference = z.string().check(z.minLength(1), z.maxLength(200));

/** The last eight hex digits: the first ones of a UUIDv7 are the time, and repeat. */
export function shortId(id: string): string {
  return id.slice(-8);
}
