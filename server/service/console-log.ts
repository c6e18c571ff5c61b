/** What a service shows of its log: JSON lines for the journal, readable ones for a person at a terminal. */
import type { Writable } from 'node:stream';
import { type LogOptions, readableLine } from '../log/logger.ts';

/** Whether a person develops or looks on. */
export function isForPerson(env: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
  return env.NODE_ENV === 'development' || isTerminal;
}

/** Never fails: when nobody reads any more, the log is in its files alone. */
export function showOn(output: Writable, form: 'readable' | 'json'): NonNullable<LogOptions['show']> {
  let isOver = false;
  output.on('error', () => {
    isOver = true;
  });
  return (json, shown) => {
    if (isOver) return;
    if (form === 'json') output.write(json);
    else if (shown) output.write(readableLine(shown));
  };
}
