/** What a scene of the demo agent has at hand. */
import type { AgentContext } from '@agentclientprotocol/sdk';
import type { ControlDoor } from '../base/control-call.ts';
import type { DemoSession } from './session-file.ts';
import { askPermission, type Permission, type ToolStart } from './tool-call.ts';
import type { Voice } from './voice.ts';

export type Allowed = DemoSession['allowed'][number];

export type DemoTurn = {
  readonly client: AgentContext;
  readonly voice: Voice;
  readonly prompt: string;
  /** As it was when the turn began, with the prompt in it. */
  readonly session: DemoSession;
  readonly signal: AbortSignal;
  /** Null when it has no team. */
  readonly door: ControlDoor | null;
  /** Remembers for the rest of the session that this needs no question any more. */
  readonly rememberAllowed: (what: Allowed) => void;
};

export type Scene = (turn: DemoTurn) => Promise<void>;

/** Asks, unless the person has allowed it for the session. */
export async function permissionFor(turn: DemoTurn, what: Allowed, start: ToolStart, toolCallId: string): Promise<Permission> {
  if (turn.session.allowed.includes(what)) return 'always';
  const permission = await askPermission(turn.client, start, { sessionId: turn.session.id, toolCallId, signal: turn.signal });
  if (permission === 'always') turn.rememberAllowed(what);
  return permission;
}
