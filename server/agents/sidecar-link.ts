/** An open channel to a sidecar, as the agents see it; the door that speaks the wire makes it. */
import type { SidecarMethod, SidecarParams, SidecarResult } from '../protocol/sidecar-wire.ts';

export type SidecarLink = {
  /** Rejects with `unavailable` when the channel closes first, else with what the sidecar answered. */
  request<M extends SidecarMethod>(method: M, params: SidecarParams<M>): Promise<SidecarResult<M>>;
  readonly closed: Promise<void>;
  close(): void;
};
