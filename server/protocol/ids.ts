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

export type ProjectId = z.infer<typeof ProjectId>;
export type AgentId = z.infer<typeof AgentId>;
export type SessionId = z.infer<typeof SessionId>;
export type RunId = z.infer<typeof RunId>;
export type TurnId = z.infer<typeof TurnId>;
export type PromptId = z.infer<typeof PromptId>;
export type ItemId = z.infer<typeof ItemId>;
export type ApprovalId = z.infer<typeof ApprovalId>;

/** What a person types for a thing: its name, its id, or a prefix or suffix of the id that fits only one. */
export const Reference = z.string().check(z.minLength(1), z.maxLength(200));

/** The last eight hex digits: the first ones of a UUIDv7 are the time, and repeat. */
export function shortId(id: string): string {
  return id.slice(-8);
}
