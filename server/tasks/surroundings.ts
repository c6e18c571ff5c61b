/** What the board needs from the rest of the backend, as functions. */
import type { AuditLog } from '../audit/audit-log.ts';
import type { Clock } from '../base/clock.ts';
import type { PartyId, TeamId } from '../protocol/ids.ts';
import type { Screening } from '../protocol/screening.ts';
import type { Setting } from '../protocol/settings.ts';
import type { Party, Role } from '../protocol/team.ts';
import type { RecordFile } from '../store/record-file.ts';

export type Directory = {
  party(id: PartyId): Party;
  /** One that exists now. */
  isAgent(id: PartyId): boolean;
  /** Throws `notFound` or `ambiguous`. */
  find(reference: string, as: PartyId): PartyId;
  roleOf(id: PartyId): Role;
  /** Null for whoever is no agent. */
  teamOf(id: PartyId): TeamId | null;
  /** Throws when none, several, or a foreign one is meant. */
  findTeam(reference: string | undefined, as: PartyId): TeamId;
  teamName(id: TeamId): string;
  members(team: TeamId): PartyId[];
};

/** Never throws. */
export type Screen = (text: string, source: { readonly from: PartyId; readonly kind: 'task' | 'comment' }) => Screening;

export type Post = {
  /** As the backend, to a channel that is made when it is not there. */
  toChannel(team: TeamId, name: string, text: string): void;
  toAgent(to: PartyId, text: string, from: PartyId): void;
};

export type TasksDeps = {
  readonly file: RecordFile;
  readonly audit: AuditLog;
  readonly directory: Directory;
  readonly screen: Screen;
  readonly post: Post;
  readonly setting: Setting;
  readonly clock: Clock;
  readonly now: () => number;
};

/** In whose name something is done, and through which door. */
export type By = { readonly as: PartyId; readonly actor: string };
