/**
 * Keeps every event well below the largest message that the backend accepts: one that it must refuse would hold up all
 * that come after it, for ever. Pure.
 */
import type { AgentEvent } from '../protocol/agent-event.ts';

export const mostEventBytes = 4 * 1024 * 1024;

/** What a value may still hold when it is cut, tried in this order until the event fits. */
const bounds = [
  { chars: 256 * 1024, parts: 1_000 },
  { chars: 32 * 1024, parts: 100 },
  { chars: 1_024, parts: 100 },
  { chars: 256, parts: 20 },
] as const;
type Bound = (typeof bounds)[number];

/** Deeper than this no person looks, and writing it down would exhaust the stack. */
const mostLevels = 30;

/** As it is when it fits, else with its longest parts cut, and what was cut said in their place. */
export function boundedEvent(event: AgentEvent, mostBytes = mostEventBytes): AgentEvent {
  if (sizeOf(event) <= mostBytes) return event;
  for (const bound of bounds) {
    // The shape stays: only the ends of strings, lists and the agent's own objects go, and ids and names are short.
    const cut = cutValue(event, bound, 0) as AgentEvent;
    if (sizeOf(cut) <= mostBytes) return cut;
  }
  return { type: 'notice', level: 'warning', text: `Something the agent did (${event.type}) was too large and is not shown.` };
}

function sizeOf(event: AgentEvent): number {
  try {
    return Buffer.byteLength(JSON.stringify(event));
  } catch {
    // Nested so deeply that it cannot be written down.
    return Number.POSITIVE_INFINITY;
  }
}

function cutValue(value: unknown, bound: Bound, level: number): unknown {
  if (typeof value === 'string') return cutText(value, bound.chars);
  if (typeof value !== 'object' || value === null) return value;
  if (level > mostLevels) return '… deeper levels were left out.';
  if (Array.isArray(value)) return cutList(value, bound, level);
  const entries = Object.entries(value);
  const kept = entries.slice(0, bound.parts).map(([name, part]) => [cutText(name, bound.chars), cutValue(part, bound, level + 1)]);
  const rest = entries.length - kept.length;
  return Object.fromEntries(rest > 0 ? [...kept, ['…', `${rest} more fields were left out.`]] : kept);
}

function cutList(list: readonly unknown[], bound: Bound, level: number): unknown[] {
  const kept = list.slice(0, bound.parts).map((part) => cutValue(part, bound, level + 1));
  const rest = list.length - kept.length;
  return rest > 0 ? [...kept, remark(kept[0], `… ${rest} more were left out.`)] : kept;
}

/** In the shape of its neighbours: a part of a tool's content, an entry of a plan, or plain words. */
function remark(neighbour: unknown, text: string): unknown {
  if (typeof neighbour !== 'object' || neighbour === null) return text;
  return 'status' in neighbour ? { text, status: 'pending' } : { type: 'text', text };
}

function cutText(text: string, mostChars: number): string {
  if (text.length <= mostChars) return text;
  return `${text.slice(0, mostChars)}\n… ${text.length - mostChars} more characters were left out.`;
}
