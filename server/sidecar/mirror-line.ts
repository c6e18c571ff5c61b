/** A record as one line of plain text, for people who look at a log with their own tools. Pure. */
import { stripVTControlCharacters } from 'node:util';
import { type LogRecord, levelName } from '../protocol/log-record.ts';

const mostChars = 4_000;
/** What would do something to a terminal instead of being shown there. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** `[ISO time] LEVEL [component] message`, with its line end. */
export function mirrorLine({ time, level, component = 'runner', msg = '', err }: LogRecord): string {
  const message = err ? `${msg}: ${err.message}` : msg;
  return `[${flat(time)}] ${levelName(level).toUpperCase().padEnd(5)} [${flat(component)}] ${flat(message)}\n`;
}

function flat(text: string): string {
  const shown = stripVTControlCharacters(text.slice(0, mostChars))
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .map((line) => line.replace(/\t/g, ' ').replace(unseen, ''))
    .join(' ⏎ ');
  return text.length > mostChars ? `${shown} … ${text.length - mostChars} more characters` : shown;
}

/** For the file's name: an agent may be called anything. */
export function safeName(name: string): string {
  const safe = name.replace(/[^A-Za-z0-9_-]+/g, '-').slice(0, 60);
  return safe.replace(/^-+|-+$/g, '') || 'agent';
}
