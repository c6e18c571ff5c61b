/** A row in words: its time, who it is about, its details in one line, and as a table. What agents wrote stays text. */
import { alertEvents } from '../../server/protocol/audit-groups.ts';
import { withoutTerminalCodes } from '../shared/visible-text.ts';

export type Names = ReadonlyMap<string, string>;

/** One value of the details, as it is shown. */
export interface Fact {
  readonly name: string;
  readonly text: string;
  /** Whether it needs room of its own. */
  readonly isLong: boolean;
  readonly leftOut: number;
}

const summaryChars = 240;
const factChars = 20_000;
const shortChars = 60;
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const alerts = new Set<string>(alertEvents);

export function isAlert(event: string): boolean {
  return alerts.has(event);
}

/** `null` where whoever changed the row put in a time that is none. */
export function dateOf(at: number): Date | null {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? null : date;
}

/** The time alone on the same day, and the day before it on another one. */
export function timeText(at: number, now: number): string {
  const date = dateOf(at);
  if (!date) return String(at);
  const isToday = date.toDateString() === new Date(now).toDateString();
  const time = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const;
  const isThisYear = date.getFullYear() === new Date(now).getFullYear();
  const day = isToday ? {} : ({ month: 'short', day: 'numeric', ...(isThisYear ? {} : { year: 'numeric' }) } as const);
  return new Intl.DateTimeFormat(undefined, { ...day, ...time }).format(date);
}

export function agentText(agentId: string | null, names: Names): string {
  if (agentId === null) return '';
  return names.get(agentId) ?? agentId.slice(-8);
}

/** On one line; what is nothing is left out, and ids that mean nothing to a person come last. */
export function summaryOf(detail: Readonly<Record<string, unknown>>, names: Names): string {
  const isPlainId = (value: unknown) => typeof value === 'string' && uuid.test(value) && !names.has(value);
  const entries = Object.entries(detail);
  const ordered = [...entries.filter(([, value]) => !isPlainId(value)), ...entries.filter(([, value]) => isPlainId(value))];
  const parts = ordered.flatMap(([name, value]) => (value === null ? [] : [`${name}: ${briefly(value, names)}`]));
  const line = parts.join(' · ').replace(/\s+/g, ' ');
  return line.length <= summaryChars ? line : `${line.slice(0, summaryChars - 1)}…`;
}

export function factsOf(detail: Readonly<Record<string, unknown>>, names: Names): Fact[] {
  return Object.entries(detail).map(([name, value]) => {
    const whole = wholly(value, names);
    const text = whole.slice(0, factChars);
    return { name, text, isLong: text.length > shortChars || text.includes('\n'), leftOut: whole.length - text.length };
  });
}

function briefly(value: unknown, names: Names): string {
  if (typeof value !== 'string') return JSON.stringify(value) ?? '';
  if (uuid.test(value)) return names.get(value) ?? value.slice(-8);
  return withoutTerminalCodes(value);
}

function wholly(value: unknown, names: Names): string {
  if (typeof value === 'object' && value !== null) return JSON.stringify(value, null, 2);
  const text = String(value);
  const name = names.get(text);
  return name === undefined ? text : `${name} (${text})`;
}
