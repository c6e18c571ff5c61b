/** JSON-RPC with one sidecar: checks every message against the wire, and makes the link that the agents use. */
import type { Socket } from 'node:net';
import {
  createMessageConnection,
  type MessageConnection,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import * as z from 'zod/mini';
import type { SidecarLink } from '../agents/sidecar-link.ts';
import type { AgentEvent } from '../protocol/agent-event.ts';
import { AgorError, ErrorData, rpcErrorCode } from '../protocol/errors.ts';
import type { NumberedEvent, SidecarHello } from '../protocol/handshake.ts';
import type { AgentId, SessionId } from '../protocol/ids.ts';
import { backendRequests, type ProgramChange, sidecarNotifications, sidecarRequests } from '../protocol/sidecar-wire.ts';
import { FrameGuard } from './frame-guard.ts';

export type SidecarDoorDeps = {
  readonly attach: (hello: SidecarHello, link: SidecarLink) => void;
  readonly takeIn: (agentId: AgentId, events: readonly NumberedEvent[]) => number;
  readonly streamed: (sessionId: SessionId, event: AgentEvent) => void;
  readonly programChanged: (agentId: AgentId, program: ProgramChange) => void;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

const pingEveryMs = 2_000;
const pingTimeoutMs = 10_000;

export function openSidecarDoor(deps: SidecarDoorDeps, socket: Socket, hello: SidecarHello): void {
  const guard = new FrameGuard();
  const reader = new StreamMessageReader(socket.pipe(guard));
  // Its timer would go on for ever when a connection breaks in the middle of a frame; pings tell of a silent one.
  reader.partialMessageTimeout = 0;
  const connection = createMessageConnection(reader, new StreamMessageWriter(socket));
  const giveUp = (error: unknown) => {
    deps.log('sidecar channel given up', { agentId: hello.agentId, err: error });
    socket.destroy();
  };
  guard.on('error', giveUp);
  connection.onError(([error]) => giveUp(error));
  answerRequests(deps, connection, hello);
  connection.listen();
  const link = makeLink(connection, socket);
  keepAlive(link, giveUp);
  deps.attach(hello, link);
}

function answerRequests(deps: SidecarDoorDeps, connection: MessageConnection, { agentId }: SidecarHello): void {
  connection.onRequest('run/append', (params: unknown) => {
    try {
      const { events } = z.parse(backendRequests['run/append'].params, params);
      return { ackedSeq: deps.takeIn(agentId, events) };
    } catch (error) {
      // Not acknowledged, so nothing is lost: the sidecar keeps the events and sends them again.
      deps.log('events not taken in', { agentId, err: error });
      return new ResponseError(rpcErrorCode, 'The backend could not keep the events.', { code: 'storage' });
    }
  });
  connection.onNotification('run/streamed', (params: unknown) => {
    const parsed = z.safeParse(sidecarNotifications['run/streamed'], params);
    if (parsed.success) deps.streamed(parsed.data.sessionId, parsed.data.event);
    else deps.log('notification not understood', { agentId, method: 'run/streamed' });
  });
  connection.onNotification('run/programChanged', (params: unknown) => {
    const parsed = z.safeParse(sidecarNotifications['run/programChanged'], params);
    if (parsed.success) deps.programChanged(agentId, parsed.data);
    else deps.log('notification not understood', { agentId, method: 'run/programChanged' });
  });
}

function makeLink(connection: MessageConnection, socket: Socket): SidecarLink {
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => {
      connection.dispose();
      resolve();
    });
  });
  return {
    closed,
    close: () => socket.destroy(),
    request: async (method, params) => {
      try {
        const answer: unknown = await connection.sendRequest(method, params);
        // The result schema of `method` is the one its caller was promised.
        return z.parse(sidecarRequests[method].result, answer) as never;
      } catch (error) {
        throw asLinkError(error);
      }
    },
  };
}

/** A connection can go deaf without closing; then its socket is cut, and the sidecar comes back on a new one. */
function keepAlive(link: SidecarLink, giveUp: (error: unknown) => void): void {
  let isOpen = true;
  const beat = async () => {
    const timer = setTimeout(() => giveUp(new Error('no answer to a ping')), pingTimeoutMs);
    await link.request('run/ping', {}).catch(() => undefined);
    clearTimeout(timer);
    if (isOpen) setTimeout(beat, pingEveryMs).unref();
  };
  void link.closed.then(() => {
    isOpen = false;
  });
  setTimeout(beat, pingEveryMs).unref();
}

function asLinkError(cause: unknown): AgorError {
  if (!(cause instanceof ResponseError) || cause.code !== rpcErrorCode) {
    return new AgorError('unavailable', "The agent's sidecar went away before it answered.", { cause });
  }
  const data = ErrorData.safeParse(cause.data);
  return new AgorError(data.success ? data.data.code : 'agentFailed', cause.message, { cause });
}
