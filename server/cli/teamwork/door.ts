/** The one way of `btmsg` and `bttask` to the boards and the mail: through an agent's sidecar, or as the person. */
import * as z from 'zod/mini';
import { MessageId } from '../../protocol/ids.ts';
import { messageRequests } from '../../protocol/message-requests.ts';
import type { Input, Result } from '../../protocol/requests.ts';
import { taskRequests } from '../../protocol/task-requests.ts';

/** What both commands call; the rest of the contract is `agor`'s. */
export const teamworkRequests = { ...messageRequests, ...taskRequests };
export type TeamworkMethod = keyof typeof teamworkRequests;

export type SendMethod = 'message/send' | 'message/reply';
/** The backend is away: the sidecar keeps the message and sends it later, when it may still turn out to be refused. */
export const Queued = z.object({ queued: z.literal(true), verified: z.boolean(), messageId: MessageId });
export type Queued = z.infer<typeof Queued>;

export type TeamworkDoor = {
  /** Rejects with the backend's `AgorError`, or with `UnreachableError` when nobody answers. */
  call<M extends TeamworkMethod>(method: M, params: Input<M>): Promise<Result<M>>;
  send<M extends SendMethod>(method: M, params: Input<M>): Promise<Result<M> | Queued>;
};
