/** JSON-RPC with one sidecar: checks every message against the wire, and makes the link that the agents use. */
import type { Socket } from 'node:net';
import {
  createMessageConnection,
  type MessageConnection,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node';
import * as z from 'zod/mini';
import type { SidecarLink } from '../agents/sidecar-link.ts';
import type { AgentEvent } from '../protocol/agent-event.ts';
import { AgorError, ErrorData, rpcErrorCode } from '../protocol/errors.ts';
import type { SidecarHello } from '../protocol/handshake.ts';
import type { AgentId, AttachmentId, SessionId } from '../protocol/ids.ts';
import type { MailSnapshot } from '../protocol/message.ts';
import { type AppendAnswer, backendRequests, type ProgramChange, sidecarNotifications, sidecarRequests } from '../protocol/sidecar-wire.ts';
import { FrameGuard } from './frame-guard.ts';

export type SidecarDoorDeps = {
  readonly attach: (hello: SidecarHello, link: SidecarLink) => void;
  readonly takeIn: (agentId: AgentId, events: readonly unknown[]) => AppendAnswer | Promise<AppendAnswer>;
  readonly streamed: (sessionId: SessionId, event: AgentEvent) => void;
  readonly programChanged: (agentId: AgentId, program: ProgramChange) => void;
  readonly fenced: (agentId: AgentId, fence: Heard['run/fenced']) => void;
  readonly poisoned: (agentId: AgentId, count: number) => void;
  readonly mail: (agentId: AgentId) => MailSnapshot;
  readonly attachment: (agentId: AgentId, attachmentId: AttachmentId) => { readonly base64: string };
  /** What the agent asks for itself, through the gate. */
  readonly call: (agentId: AgentId, method: string, params: unknown) => Promise<unknown>;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

type Heard = { [N in keyof typeof sidecarNotifications]: z.infer<(typeof sidecarNotifications)[N]> };

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
  hearNotifications(deps, connection, hello);
  connection.listen();
  const link = makeLink(connection, socket);
  keepAlive(link, giveUp);
  deps.attach(hello, link);
}

function answerRequests(deps: SidecarDoorDeps, connection: MessageConnection, { agentId }: SidecarHello): void {
  connection.onRequest('run/append', async (params: unknown): Promise<unknown> => {
    try {
      const { events } = z.parse(backendRequests['run/append'].params, params);
      return await deps.takeIn(agentId, events);
    } catch (error) {
      // Not acknowledged, so nothing is lost: the sidecar keeps the events and sends them again.
      deps.log('events not taken in', { agentId, err: error });
      return new ResponseError(rpcErrorCode, 'The backend could not keep the events.', { code: 'storage' });
    }
  });
  connection.onRequest('run/mail', () => answered(() => deps.mail(agentId)));
  connection.onRequest('run/attachment', (params: unknown) =>
    answered(() => deps.attachment(agentId, z.parse(backendRequests['run/attachment'].params, params).attachmentId)),
  );
  connection.onRequest('run/call', (params: unknown) =>
    answered(async () => {
      const call = z.parse(backendRequests['run/call'].params, params);
      return { result: await deps.call(agentId, call.method, call.params) };
    }),
  );
}

/** What a person, or an agent, can act on keeps its code and its sentence. */
async function answered(work: () => unknown): Promise<unknown> {
  try {
    return await work();
  } catch (error) {
    const { code, message } = error instanceof AgorError ? error : new AgorError('internal', 'The backend could not answer that.');
    return new ResponseError(rpcErrorCode, message, { code });
  }
}

function hearNotifications(deps: SidecarDoorDeps, connection: MessageConnection, { agentId }: SidecarHello): void {
  const hear = <N extends keyof Heard>(method: N, tell: (params: Heard[N]) => void) =>
    connection.onNotification(method, (params: unknown) => {
      const parsed = z.safeParse(sidecarNotifications[method], params);
      // The schema that was looked up by `method` gives the params of the same method.
      if (parsed.success) tell(parsed.data as Heard[N]);
      else deps.log('notification not understood', { agentId, method });
    });
  hear('run/streamed', ({ sessionId, event }) => deps.streamed(sessionId, event));
  hear('run/programChanged', (change) => deps.programChanged(agentId, change));
  hear('run/fenced', (fence) => deps.fenced(agentId, fence));
  hear('run/poisoned', ({ count }) => deps.poisoned(agentId, count));
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
