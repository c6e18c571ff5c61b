/** A running ACP program that has answered `initialize`, and the connection to it. */
import {
  type ClientConnection,
  type ClientContext,
  type CreateElicitationRequest,
  type CreateElicitationResponse,
  client,
  type InitializeResponse,
  methods,
  PROTOCOL_VERSION,
  type RequestPermissionRequest,
  type RequestPermissionResponse,
} from '@agentclientprotocol/sdk';
import { AgorError } from '../../../protocol/errors.ts';
import type { AdapterContext } from '../../adapter.ts';
import { oversizeError, type ProtocolError } from '../../agent-frame.ts';
import type { Program, ProgramOptions } from '../../program.ts';
import { answerInTime } from './answer-in-time.ts';
import { LineStream } from './line-stream.ts';
import { failureOf } from './outcome.ts';
import { endedEarly, neverAnswered, notStarted, refusedStart, type StartFacts, wrongVersion } from './start-failure.ts';

export type AcpLink = {
  readonly program: Program;
  readonly agent: ClientContext;
  readonly initialized: InitializeResponse;
  readonly facts: () => StartFacts;
  /** Rejects what is pending; the program lives on. */
  readonly close: () => void;
};

type LinkHandlers = {
  readonly onUpdate: (params: unknown) => void;
  readonly onPermission: (request: RequestPermissionRequest, signal: AbortSignal) => Promise<RequestPermissionResponse>;
  readonly onForm: (request: CreateElicitationRequest, signal: AbortSignal) => Promise<CreateElicitationResponse>;
  /** The program broke its protocol; what it said was dropped. */
  readonly onProtocolError: (error: ProtocolError) => void;
};

const keptStrangeLines = 5;

/** Rejects with an `AgorError`; then the program is gone again. */
export async function openLink(context: AdapterContext, handlers: LinkHandlers, initializeTimeoutMs: number): Promise<AcpLink> {
  const strangeLines: string[] = [];
  const lines = new LineStream({
    writeLine: (line) => started.writeLine(line),
    onUpdate: handlers.onUpdate,
    onStrangeLine: (line, error) => {
      if (strangeLines.length < keptStrangeLines) strangeLines.push(line.slice(0, 500));
      handlers.onProtocolError(error);
    },
  });
  const started = await startOrExplain(context, handlers, lines);
  void started.exited.then(() => lines.end());
  const facts = () => ({ command: context.command, stderrTail: started.stderrTail(), strangeLines });
  const connection = connect(lines, handlers);
  try {
    const initialized = await initialize(connection, started, facts, initializeTimeoutMs);
    return { program: started, agent: connection.agent, initialized, facts, close: () => connection.close() };
  } catch (error) {
    connection.close();
    await started.stop(0);
    throw error;
  }
}

async function startOrExplain(context: AdapterContext, handlers: LinkHandlers, lines: LineStream): Promise<Program> {
  const [file, ...args] = context.command;
  if (file === undefined) throw new AgorError('badRequest', 'This agent has no command: give the program to run and its arguments.');
  const options: ProgramOptions = {
    command: [file, ...args],
    cwd: context.projectDir,
    environment: context.environment,
    onLine: (line, place) => lines.receive(line, place),
    onOversize: (place) => handlers.onProtocolError(oversizeError(place)),
  };
  try {
    return await context.startProgram(options);
  } catch (error) {
    throw error instanceof AgorError && error.code === 'agentFailed' ? notStarted(error) : error;
  }
}

function connect(lines: LineStream, handlers: LinkHandlers): ClientConnection {
  return client({ name: 'agor' })
    .onRequest(methods.client.session.requestPermission, ({ params, signal }) => handlers.onPermission(params, signal))
    .onRequest(methods.client.elicitation.create, ({ params, signal }) => handlers.onForm(params, signal))
    .onNotification('*', () => {}) // What an agent tells of itself beyond the protocol concerns nobody here.
    .connect(lines.stream);
}

async function initialize(
  connection: ClientConnection,
  program: Program,
  facts: () => StartFacts,
  timeoutMs: number,
): Promise<InitializeResponse> {
  const answer = connection.agent.request(methods.agent.initialize, {
    protocolVersion: PROTOCOL_VERSION,
    clientInfo: { name: 'agent-orchestrator', title: 'Agent Orchestrator', version: '1' },
    // The agent reads and writes with its own rights, inside its own fence: never with ours.
    clientCapabilities: {
      fs: { readTextFile: false, writeTextFile: false },
      terminal: false,
      session: { notices: {} },
      elicitation: { form: {} },
    },
  });
  const first = await answerInTime(answer, program, timeoutMs).catch((error: unknown) => {
    throw refusedStart(facts(), failureOf(error).message);
  });
  if (first.kind === 'timedOut') throw neverAnswered(facts(), timeoutMs / 1000);
  if (first.kind === 'exited') throw endedEarly(facts(), first.exit);
  if (first.value.protocolVersion !== PROTOCOL_VERSION) throw wrongVersion(facts(), first.value.protocolVersion);
  return first.value;
}
