/** Where the connection to the backend stands, as views, context keys and the status bar see it. */
import type { AgorError } from '../../server/protocol/errors.ts';
import type { ConnectionState } from '../../server/protocol/webview.ts';

/** `off`: nothing has asked for the backend yet, so none was started. */
export type ConnectionPhase = 'off' | ConnectionState;

export type Connection = {
  readonly phase: ConnectionPhase;
  /** What happens now, for a tooltip; empty when there is nothing to say. */
  readonly detail: string;
  /** Why it failed; set in phase `failed` only. */
  readonly failure?: AgorError;
};

/** A page that is shown has asked for the backend, so it never sees `off`. */
export function asSeenByPage(phase: ConnectionPhase): ConnectionState {
  return phase === 'off' ? 'connecting' : phase;
}
