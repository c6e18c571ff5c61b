/** What some events of an agent say to the person who reads along, each in a sentence or two. Pure. */
import type { AgentEvent } from '../protocol/agent-event.ts';
import type { SandboxState } from '../protocol/sandbox.ts';
import type { WithheldPlace } from '../protocol/secret.ts';
import type { Item } from '../protocol/session.ts';
import type { Verdict } from './restart-policy.ts';

export type Notice = Pick<Extract<Item, { kind: 'notice' }>, 'level' | 'text' | 'restart' | 'hook'>;

type Of<T extends AgentEvent['type']> = Extract<AgentEvent, { type: T }>;

const shownPaths = 10;

const placeNames: Readonly<Record<WithheldPlace, string>> = {
  text: 'its words',
  thinking: 'its thinking',
  tool: 'its tools',
  question: 'a question',
  plan: 'its plan',
  event: 'what its program told',
  message: 'a message',
  task: 'a task',
  call: 'what it asked for',
  error: 'an error',
  hook: 'a hook',
  log: 'its log',
};

export function programEndedNotice({ decision, detail, recentExits, delayMs }: Of<'programEnded'>): Notice {
  const ended = sentence(detail);
  const restart = { ring: 'program', decision, attempt: recentExits, delayMs } as const;
  if (decision === 'restart') {
    return { level: 'warning', text: `${ended} It is started again in ${seconds(delayMs ?? 0)}, and its session goes on.`, restart };
  }
  if (decision === 'offline') return { level: 'warning', text: `${ended} The next prompt starts it, and its session goes on.`, restart };
  const text = `${ended} That happened ${recentExits} times lately, so it stays down. Restart the agent to try again.`;
  return { level: 'error', text, restart };
}

export function sidecarCrashNotice(verdict: Verdict, lastError: string): Notice {
  const ended = sentence(`Its sidecar crashed: ${lastError}`);
  if (verdict.action === 'restart') {
    const { attempt, delayMs } = verdict;
    const text = `${ended} It is started again in ${seconds(delayMs)}, and its session goes on.`;
    return { level: 'warning', text, restart: { ring: 'sidecar', decision: 'restart', attempt, delayMs } };
  }
  const { attempts, reason } = verdict;
  const why = reason === 'flapping' ? `It crashed ${attempts} times within an hour` : `${attempts} attempts were made`;
  const text = `${ended} ${why}, so it stays down. Restart the agent to try again.`;
  return { level: 'error', text, restart: { ring: 'sidecar', decision: 'giveUp', attempt: attempts, delayMs: null } };
}

export function protocolErrorNotice({ problem, bytes, count, detail }: Of<'protocolError'>): Notice {
  const what = {
    oversizeLine: `wrote a line of ${megabytes(bytes)}, more than is read at once`,
    badFrame: 'wrote something that its protocol does not have',
    binary: 'wrote binary data where text belongs',
  }[problem];
  const often = count > 1 ? `, ${count} times` : '';
  const why = detail === '' ? '' : ` ${sentence(detail)}`;
  return { level: 'warning', text: `The agent's program ${what}${often}.${why} That was left out, and the agent goes on.` };
}

export function protectedNotice({ changes }: Of<'protectedChanged'>): Notice {
  const told = changes.slice(0, shownPaths).map(({ path, change, restored }) => `${path} (${change}${restored ? ', put back' : ''})`);
  const more = changes.length > shownPaths ? ` and ${changes.length - shownPaths} more` : '';
  const isUndone = changes.every(({ restored }) => restored);
  return {
    level: 'warning',
    text: `During the turn, files were changed that this machine runs or trusts: ${told.join(', ')}${more}.${isUndone ? '' : ' Look at them before you use the project.'}`,
  };
}

export function hookFailedNotice({ hook, detail }: Of<'hookFailed'>): Notice {
  return { level: 'warning', text: sentence(`The hook ${hook} failed: ${detail}`), hook };
}

export function withheldNotice({ withheld }: Of<'secretWithheld'>): Notice {
  const names = [...new Set(withheld.map(({ secret }) => `"${secret}"`))];
  const places = [...new Set(withheld.map(({ place }) => placeNames[place]))];
  const [what, them] = names.length === 1 ? ['The secret', 'it'] : ['The secrets', 'them'];
  const stood = names.length === 1 ? 'was' : 'were';
  return {
    level: 'warning',
    text: `${what} ${names.join(', ')} ${stood} in what the agent said (${places.join(', ')}), and ${stood} taken out. Rotate ${them} if the agent should not have said ${them}.`,
  };
}

/** `before`: what the same reader was told last. Undefined when there is nothing to tell. */
export function fenceNotice({ sandbox }: Of<'fenced'>, before: SandboxState | undefined): Notice | undefined {
  const hasChanged = before !== undefined && fenceText(before) !== fenceText(sandbox);
  const isNews = before === undefined ? sandbox.files !== 'full' : hasChanged;
  if (!isNews) return undefined;
  const level = sandbox.files === 'full' || sandbox.mode === 'off' ? 'info' : 'warning';
  return { level, text: fenceText(sandbox) };
}

function fenceText({ files, gaps, remedy }: SandboxState): string {
  const state = {
    full: 'The agent is fenced in.',
    partial: 'The agent is fenced in, with gaps.',
    off: 'The agent is not fenced in: it can do what you can do.',
  }[files];
  return [state, ...gaps.map(sentence), ...(remedy === null ? [] : [sentence(remedy)])].join(' ');
}

/** The failure's own words may promise a retry themselves; here the agent says when it comes. */
export function retryText({ failure, attempt, maxAttempts, delayMs }: Of<'retry'>): string {
  const of = maxAttempts === null ? '' : ` of ${maxAttempts}`;
  const what = sentence(failure.message.replace(/ \u2014 retrying.*$/, ''));
  return `${what} Trying again ${delayMs === 0 ? 'now' : `in ${seconds(delayMs)}`} (attempt ${attempt}${of}).`;
}

function seconds(ms: number): string {
  return `${Math.ceil(ms / 1000)} s`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}

function sentence(text: string): string {
  return text.replace(/[.\s]*$/, '.');
}
