/**
 * One line of an agent as a JSON value, or why it is none. Everything an agent prints passes here first, so what comes
 * out can be walked, compared and written down again without exhausting the stack.
 */
import type { LinePlace } from '../base/line-splitter.ts';
import type { AgentEvent } from '../protocol/agent-event.ts';
import { limits } from '../protocol/errors.ts';

export type Frame = { readonly isFrame: true; readonly value: unknown } | { readonly isFrame: false; readonly problem: FrameProblem };
type FrameProblem = { readonly kind: 'badFrame' | 'binary'; readonly why: string };
export type ProtocolError = Extract<AgentEvent, { type: 'protocolError' }>;

/** Deeper than anything that a protocol nests, and far from what a stack holds. */
const mostLevels = 200;
const quotedChars = 200;
const beginsLikeJson = /^\s*(?:[{["\d-]|true|false|null)/;

export function readFrame(line: string): Frame {
  // Most of what is no JSON shows it at once, which spares a flood of it a flood of errors.
  if (!beginsLikeJson.test(line)) return noJson(line);
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return noJson(line);
  }
  // A short line cannot be deep.
  if (line.length > 2 * mostLevels && isDeeperThan(value, mostLevels)) {
    return { isFrame: false, problem: { kind: 'badFrame', why: `nested more than ${mostLevels} levels deep` } };
  }
  return { isFrame: true, value };
}

function noJson(line: string): Frame {
  return { isFrame: false, problem: { kind: isBinary(line) ? 'binary' : 'badFrame', why: `no JSON: ${quoted(line)}` } };
}

export function frameError({ kind: problem, why: detail }: FrameProblem, { offset, bytes }: LinePlace): ProtocolError {
  return { type: 'protocolError', problem, offset, bytes, count: 1, detail };
}

/** JSON, but not as the protocol has it. */
export function misfitError(line: string, place: LinePlace): ProtocolError {
  return frameError({ kind: 'badFrame', why: `no message of the protocol: ${quoted(line)}` }, place);
}

export function oversizeError({ offset, bytes }: LinePlace): ProtocolError {
  const detail = `longer than the ${limits.agentLineBytes / 1_048_576} MiB that a line may have`;
  return { type: 'protocolError', problem: 'oversizeLine', offset, bytes, count: 1, detail };
}

/** A zero byte, or bytes that were no UTF-8, which the splitter has replaced. */
function isBinary(line: string): boolean {
  return /[\0\uFFFD]/.test(line);
}

/** Control characters would let a program draw over what we say. */
function quoted(line: string): string {
  const plain = line
    .slice(0, quotedChars * 2)
    .replace(/\p{C}+/gu, ' ')
    .trim();
  return plain.length > quotedChars ? `${plain.slice(0, quotedChars)}…` : plain;
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  return Object.values(value).some((part) => isDeeperThan(part, levels - 1));
}
