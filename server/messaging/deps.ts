/** What the messages need from the other features, as functions. */
import type { AuditLog } from '../audit/audit-log.ts';
import type { Clock } from '../base/clock.ts';
import type { AgentId, MessageId, PartyId, SessionId, TeamId } from '../protocol/ids.ts';
import type { Method, Params, Result } from '../protocol/requests.ts';
import type { Finding, Screening } from '../protocol/screening.ts';
import type { Setting } from '../protocol/settings.ts';
import type { Party, Role, Tier } from '../protocol/team.ts';
import type { RecordFile } from '../store/record-file.ts';

/** In whose name something is done, and by which door (`extension`, `cli`, `assistant`, `agent`), for the audit log. */
export type By = { readonly party: PartyId; readonly actor: string };

/** Who there is, and who may write to whom. */
export type Directory = {
  readonly party: (id: PartyId) => Party;
  /** An agent that exists now. */
  readonly isAgent: (id: PartyId) => boolean;
  readonly find: (reference: string, as: PartyId) => PartyId;
  readonly roleOf: (id: PartyId) => Role;
  readonly tierOf: (id: PartyId) => Tier;
  /** Null for the person, the assistant and the system. */
  readonly teamOf: (id: PartyId) => TeamId | null;
  /** An agent's is always its own; a person's by name or id, or the only one. */
  readonly findTeam: (reference: string | undefined, as: PartyId) => TeamId;
  readonly teamName: (id: TeamId) => string;
  readonly members: (team: TeamId) => PartyId[];
  readonly projectName: (id: PartyId) => string;
  /** Null when `from` may write to `to`; else the sentence that says whom it may write to. */
  readonly refusalToWrite: (from: PartyId, to: PartyId) => string | null;
  readonly contactsOf: (id: PartyId) => PartyId[];
  readonly allow: (from: PartyId, to: PartyId, by: PartyId) => void;
};

/** `here` gets mail at once or at the end of its turn, `asleep` is woken by it, `away` is not started by it. */
export type Presence = { readonly kind: 'here' | 'asleep' | 'away'; readonly word: string };

export type Screen = (text: string, source: { readonly from: PartyId; readonly kind: 'message' }) => Screening;

export type Seals = {
  readonly sign: (fields: readonly (string | number | null)[]) => string;
  readonly isSigned: (fields: readonly (string | number | null)[], signature: string) => boolean;
  readonly sealFor: (agentId: AgentId) => string;
  /** The text that an agent reads. */
  readonly envelope: (letter: Letter) => string;
  /** What only that envelope holds. */
  readonly markOf: (messageId: MessageId, agentId: AgentId) => string;
};

export type Letter = {
  readonly id: MessageId;
  readonly fromName: string;
  readonly fromRole: string;
  /** Null for who is in no project. */
  readonly fromProject: string | null;
  readonly toName: string;
  readonly channelName: string | null;
  readonly sentAt: number;
  readonly isOrder: boolean;
  /** Of the agent that reads it. */
  readonly seal: string;
  readonly expectsReply: boolean;
  readonly replyTo: MessageId | null;
  readonly findings: readonly Finding[];
  readonly attachments: readonly { readonly name: string; readonly path: string; readonly bytes: number }[];
  readonly body: string;
  /** Its program ended over it before, so it may have it already. */
  readonly isRepeated: boolean;
};

export type AgentStatus = Pick<Result<'message/status'>['agents'][number], 'status' | 'activity' | 'lastHeartbeatAt'>;

export type MessagingDeps = {
  readonly file: RecordFile;
  readonly audit: AuditLog;
  readonly directory: Directory;
  readonly presence: (id: PartyId) => Presence;
  /** Whether its profile lets it have mail. */
  readonly isEnabled: (id: AgentId) => boolean;
  /** Throws `refused` when a person has taken from the agent what it asks for; `params` have passed the method's schema. */
  readonly permit: (id: AgentId, method: Method, params: unknown) => void;
  readonly currentSession: (id: AgentId) => SessionId | null;
  readonly statusOf: (id: AgentId) => AgentStatus;
  /** Where its sidecar puts an attachment before the message is given. */
  readonly attachmentPath: (id: AgentId, messageId: MessageId, name: string) => string;
  readonly register: (params: Params<'message/register'>, by: By) => Result<'message/register'> | Promise<Result<'message/register'>>;
  /** Keeps that the agent is alive; says when. */
  readonly heartbeat: (id: AgentId) => number;
  readonly screen: Screen;
  readonly seals: Seals;
  /** A task of or by one of them changed since then. */
  readonly hasProgress: (parties: readonly PartyId[], sinceMs: number) => boolean;
  readonly setting: Setting;
  readonly now: () => number;
  readonly clock: Clock;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};
