/** What other features say through the messages: into a channel of a team, or as a note to one agent. */
import { newId } from '../base/uuid.ts';
import type { MessageId, PartyId, TeamId } from '../protocol/ids.ts';
import { partyIds } from '../protocol/message.ts';
import type { Channels } from './channels.ts';
import type { Directory } from './deps.ts';
import { messageText } from './message-text.ts';
import { type Outgoing, ownDraft } from './outgoing.ts';
import { isReachable } from './parties.ts';

export type PostDeps = {
  readonly channels: Channels;
  readonly outgoing: Outgoing;
  readonly directory: Directory;
  readonly now: () => number;
};

const system = { party: partyIds.system, actor: 'backend' };
/** Who leads and who checks is in a channel that the backend made. */
const joins: ReadonlySet<string> = new Set(['manager', 'reviewer']);

export class Post {
  readonly #deps: PostDeps;

  constructor(deps: PostDeps) {
    this.#deps = deps;
  }

  /** Makes the channel when there is none, and takes in who belongs there. */
  toChannel(team: TeamId, name: string, text: string): void {
    const { channels, outgoing, directory, now } = this.#deps;
    const channel = channels.ensure(team, name, system);
    for (const member of directory.members(team)) if (joins.has(directory.roleOf(member))) channels.join(channel, member, system);
    outgoing.putOwn(ownDraft(newId<MessageId>(), { recipient: null, channel }, messageText(text), now()));
  }

  /** Expects no answer. Nobody is written to by themselves, or when they are gone. */
  toAgent(to: PartyId, text: string, from: PartyId): void {
    const { outgoing, directory, now } = this.#deps;
    if (to === from || !isReachable(to, directory)) return;
    const by = { party: from, actor: directory.isAgent(from) ? 'agent' : 'backend' };
    outgoing.putOwn({ ...ownDraft(newId<MessageId>(), { recipient: to, channel: null }, messageText(text), now()), by });
  }
}
