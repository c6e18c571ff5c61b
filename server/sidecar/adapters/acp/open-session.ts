/** Opens a session in a running ACP program: an old one where the program can, else a new one and a word about it. */
import { type McpServer, methods } from '@agentclientprotocol/sdk';
import { AgorError } from '../../../protocol/errors.ts';
import type { AcpLink } from './acp-link.ts';
import { answerInTime } from './answer-in-time.ts';
import { type ChosenMode, chooseMode, modeRequest } from './choose-mode.ts';
import { ownToolsAllowed } from './mcp-servers.ts';
import { failureOf, isAuthRequired } from './outcome.ts';
import { modeChoice, modelChoice, type SessionChoice } from './session-choice.ts';
import { endedEarly, loginNeeded, refusedStart } from './start-failure.ts';

type WantedSession = {
  readonly projectDir: string;
  readonly providerSessionId: string | null;
  readonly model: string | null;
  readonly mcpServers: readonly McpServer[];
  readonly timeoutMs: number;
};

export type AcpSession = {
  readonly sessionId: string;
  readonly resumed: boolean;
  readonly offersModels: boolean;
  readonly model: string | null;
  readonly mode: Pick<ChosenMode, 'choice' | 'mayAsk'>;
  /** For the person: what could not be done as asked. */
  readonly warnings: readonly string[];
};

type Opened = {
  readonly sessionId: string;
  readonly resumed: boolean;
  readonly choice: SessionChoice | null;
  readonly modes: SessionChoice | null;
};
type Resumption = Opened | { readonly problem: string };

/** Rejects with an `AgorError` that says what the program wants. */
export async function openSession(link: AcpLink, wanted: WantedSession): Promise<AcpSession> {
  const resumption = wanted.providerSessionId === null ? null : await resume(link, wanted, wanted.providerSessionId);
  const opened = resumption !== null && 'sessionId' in resumption ? resumption : await create(link, wanted);
  const lost =
    resumption !== null && 'problem' in resumption
      ? [`${resumption.problem} A new session was begun: the agent remembers nothing of before.`]
      : [];
  const chosen = await chooseModel(link, wanted, opened);
  const { sessionId, resumed, choice } = opened;
  const mode = await chooseMode(opened.modes, (wish, configId) => ask(link, wanted, ...modeRequest(sessionId, wish, configId)));
  const warnings = [...lost, ...chosen.warnings, ...mode.warnings];
  return { sessionId, resumed, offersModels: choice !== null, model: chosen.model, mode, warnings };
}

/** The method to go on with an old session, or null when the program has none. */
export function resumeMethod(link: AcpLink): 'session/load' | 'session/resume' | null {
  const capabilities = link.initialized.agentCapabilities;
  if (capabilities?.loadSession === true) return methods.agent.session.load;
  return capabilities?.sessionCapabilities?.resume ? methods.agent.session.resume : null;
}

async function resume(link: AcpLink, wanted: WantedSession, sessionId: string): Promise<Resumption> {
  const method = resumeMethod(link);
  if (method === null) return { problem: 'This agent cannot go on with an earlier session.' };
  try {
    const place = { sessionId, cwd: wanted.projectDir, mcpServers: wanted.mcpServers, ...ownToolsAllowed };
    const answer = await ask(link, wanted, method, place);
    return { sessionId, resumed: true, choice: modelChoice(answer), modes: modeChoice(answer) };
  } catch (error) {
    // The program is gone, deaf or wants a login: a new session would fare no better.
    if (error instanceof AgorError) throw error;
    return { problem: `The agent could not go on with the earlier session (${failureOf(error).message}).` };
  }
}

async function create(link: AcpLink, wanted: WantedSession): Promise<Opened> {
  const { projectDir: cwd, mcpServers } = wanted;
  const answer = await ask(link, wanted, methods.agent.session.new, { cwd, mcpServers, ...ownToolsAllowed }).catch((error: unknown) => {
    throw error instanceof AgorError ? error : refusedStart(link.facts(), failureOf(error).message);
  });
  if (!hasSessionId(answer)) throw refusedStart(link.facts(), 'its answer has no session id');
  return { sessionId: answer.sessionId, resumed: false, choice: modelChoice(answer), modes: modeChoice(answer) };
}

async function ask(link: AcpLink, wanted: WantedSession, method: string, params: unknown): Promise<unknown> {
  const answer = link.agent.request<unknown>(method, params).catch((error: unknown) => {
    throw isAuthRequired(error) ? loginNeeded(link.facts(), loginMethods(link)) : error;
  });
  const outcome = await answerInTime(answer, link.program, wanted.timeoutMs);
  if (outcome.kind === 'exited') throw endedEarly(link.facts(), outcome.exit);
  if (outcome.kind === 'timedOut')
    throw refusedStart(link.facts(), `it did not answer "${method}" within ${wanted.timeoutMs / 1000} seconds`);
  return outcome.value;
}

function loginMethods(link: AcpLink): string[] {
  return (link.initialized.authMethods ?? []).map((method) => method.name);
}

function hasSessionId(answer: unknown): answer is { sessionId: string } {
  return typeof answer === 'object' && answer !== null && 'sessionId' in answer && typeof answer.sessionId === 'string';
}

type ChosenModel = { readonly model: string | null; readonly warnings: readonly string[] };

async function chooseModel(link: AcpLink, wanted: WantedSession, opened: Opened): Promise<ChosenModel> {
  const { choice } = opened;
  const current = choice?.current ?? null;
  if (wanted.model === null || wanted.model === current) return { model: current, warnings: [] };
  if (choice === null) return { model: null, warnings: [`The model "${wanted.model}" could not be chosen: this agent offers no choice.`] };
  if (!choice.offered.includes(wanted.model)) return { model: current, warnings: [notOffered(wanted.model, choice)] };
  try {
    await ask(link, wanted, ...modelRequest(opened.sessionId, wanted.model, choice));
    return { model: wanted.model, warnings: [] };
  } catch (error) {
    if (error instanceof AgorError) throw error;
    return { model: current, warnings: [`The model "${wanted.model}" could not be chosen: ${failureOf(error).message}`] };
  }
}

function modelRequest(sessionId: string, model: string, choice: SessionChoice): [string, unknown] {
  if (choice.configId === null) return ['session/set_model', { sessionId, modelId: model }];
  return [methods.agent.session.setConfigOption, { sessionId, configId: choice.configId, value: model }];
}

function notOffered(model: string, choice: SessionChoice): string {
  return `The model "${model}" is not offered by this agent. It offers: ${choice.offered.slice(0, 20).join(', ')}.`;
}
