/** What a person is told when an ACP program does not come up: what was tried, what it said, and what to do. */
import { AgorError } from '../../../protocol/errors.ts';
import { exitReason } from '../../exit-reason.ts';
import type { ProgramExit } from '../../program.ts';

/** What is known of the program when it fails. */
export type StartFacts = {
  readonly command: readonly string[];
  readonly stderrTail: string;
  /** The first lines on stdout that were no messages. */
  readonly strangeLines: readonly string[];
};

export function neverAnswered(facts: StartFacts, seconds: number): AgorError {
  return failed(facts, `The agent did not answer "initialize" within ${seconds} seconds`, speakAcp);
}

export function endedEarly(facts: StartFacts, exit: ProgramExit): AgorError {
  return failed(facts, `The agent's program ended at once (${exitWords(exit)})`, speakAcp);
}

export function wrongVersion(facts: StartFacts, version: number): AgorError {
  return failed(facts, `The agent speaks version ${version} of the Agent Client Protocol, and only version 1 is understood`, 'Update it.');
}

export function refusedStart(facts: StartFacts, reason: string): AgorError {
  return failed(facts, `The agent refused to open a session: ${reason}`, 'Try the command in a terminal to see what it needs.');
}

export function loginNeeded(facts: StartFacts, methods: readonly string[]): AgorError {
  const ways = methods.length > 0 ? ` It offers: ${methods.join(', ')}.` : '';
  const what = `The agent wants a login first.${ways} Log in with its own program in a terminal, then start the agent again.`;
  return new AgorError('needsCredentials', `${what} ${tried(facts)}`);
}

export function notStarted(cause: AgorError): AgorError {
  const advice = 'Install the program so that it is on the PATH, or correct the command of this agent.';
  return new AgorError('agentFailed', `${cause.message} ${advice}`, { cause });
}

/** For the person, when the program goes away later. */
export function exitDetail(exit: ProgramExit, stderrTail: string): string {
  return `The agent's program ended (${exitWords(exit)}).${said(stderrTail)}`;
}

const speakAcp = 'It must speak the Agent Client Protocol over its input and output; many programs need a flag for that, such as --acp.';

function failed(facts: StartFacts, what: string, advice: string): AgorError {
  return new AgorError('agentFailed', `${what}. ${tried(facts)}${printed(facts.strangeLines)}${said(facts.stderrTail)} ${advice}`);
}

function tried(facts: StartFacts): string {
  return `Tried: ${facts.command.join(' ')}.`;
}

function printed(lines: readonly string[]): string {
  const first = lines[0];
  return first === undefined ? '' : ` It printed lines that are no messages, such as: ${shortened(first)}.`;
}

const shownStderrLines = 3;

function said(stderrTail: string): string {
  const lines = stderrTail.split('\n').filter((line) => line.trim() !== '');
  return lines.length === 0 ? '' : ` It said: ${lines.slice(-shownStderrLines).map(shortened).join(' / ')}`;
}

/** Control characters would let a program draw over what we say. */
function shortened(line: string): string {
  const plain = line.replace(/\p{C}+/gu, ' ').trim();
  return plain.length > 200 ? `${plain.slice(0, 200)}…` : plain;
}

function exitWords(exit: ProgramExit): string {
  if (exit.overBound !== undefined) return `by ${exit.overBound}`;
  return exitReason(exit);
}
