/** Opens a thread in a Codex program that was just started: an old one where it has that, else a new one. */
import { brokenRule, notLoggedIn, refusedProgram, type ThreadRules, threadParams, unruly } from './launch.ts';
import { AccountReply, InitializeReply, ThreadReply } from './messages.ts';
import type { Outcome } from './rpc.ts';

export type ThreadChoice = ThreadRules & { readonly threadId: string | null };

export type OpenedThread = {
  readonly threadId: string;
  readonly resumed: boolean;
  /** The program has no record of the thread that it was to go on with. */
  readonly isForgotten: boolean;
  readonly model: string | null;
  readonly version: string | null;
  /** Where the program keeps what was said. */
  readonly recordPath: string | null;
};

type Link = {
  readonly ask: (method: string, params: unknown) => Promise<Exclude<Outcome, { kind: 'silent' }>>;
  readonly notify: (method: string) => Promise<void>;
};

const clientInfo = { name: 'agent-orchestrator', title: 'Agent Orchestrator', version: '1' };

/** Rejects with an `AgorError` that says what the program wants. */
export async function openThread(command: readonly string[], choice: ThreadChoice, link: Link): Promise<OpenedThread> {
  const initialized = answered(command, await link.ask('initialize', { clientInfo, capabilities: null }));
  await link.notify('initialized');
  if (choice.key === null) await checkLogin(link);
  const version = versionIn(InitializeReply.safeParse(initialized).data?.userAgent ?? '');
  const rules = threadParams(choice);
  const resumed =
    choice.threadId === null ? null : await resume(command, { ...rules, threadId: choice.threadId, excludeTurns: true }, link);
  const result = resumed ?? answered(command, await link.ask('thread/start', rules));
  const reply = ThreadReply.safeParse(result);
  if (!reply.success) throw refusedProgram(command, 'its answer has no thread in it.');
  const broken = brokenRule(reply.data);
  if (broken !== undefined) throw unruly(broken);
  const { thread, model = null } = reply.data;
  const isResumed = resumed !== null;
  const isForgotten = choice.threadId !== null && !isResumed;
  return { threadId: thread.id, resumed: isResumed, isForgotten, model, version, recordPath: thread.path ?? null };
}

/** Null when the program has lost it. Whatever else keeps it from going on would keep a new thread from it too. */
async function resume(command: readonly string[], params: unknown, link: Link): Promise<unknown> {
  const outcome = await link.ask('thread/resume', params);
  if (outcome.kind === 'refused' && /no rollout found|not found/i.test(outcome.error.message)) return null;
  return answered(command, outcome);
}

/** A version that does not answer this tells with its first turn. */
async function checkLogin(link: Link): Promise<void> {
  const outcome = await link.ask('account/read', { refreshToken: false });
  const reply = outcome.kind === 'answered' ? AccountReply.safeParse(outcome.result) : undefined;
  if (reply?.success && reply.data.requiresOpenaiAuth && !reply.data.account) throw notLoggedIn();
}

function answered(command: readonly string[], outcome: Exclude<Outcome, { kind: 'silent' }>): unknown {
  if (outcome.kind === 'answered') return outcome.result;
  throw refusedProgram(command, asSentence(outcome.error.message));
}

function asSentence(text: string): string {
  const plain = text.replace(/\p{C}+/gu, ' ').slice(0, 300);
  return /[.!?]$/.test(plain) ? plain : `${plain}.`;
}

/** "name/0.169.0 (Debian 12; x86_64) …" */
function versionIn(userAgent: string): string | null {
  return /^[^/\s]+\/(\d[\w.+-]*)/.exec(userAgent)?.[1] ?? null;
}
