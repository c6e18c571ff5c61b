/** One keypress of a person, out of a few that mean something. */
import type { ReadStream } from 'node:tty';

/** What was typed before the question could be read is not an answer to it. */
const unreadMs = 250;
const ctrlC = '\u0003';

/** Undefined when the signal came first. Ctrl+C acts as it does outside. */
export async function readKey(stdin: ReadStream, keys: readonly string[], signal: AbortSignal): Promise<string | undefined> {
  const askedAt = performance.now();
  stdin.setRawMode(true);
  stdin.setEncoding('utf8');
  let stop = () => {};
  try {
    return await new Promise((resolve) => {
      const onData = (typed: string) => {
        if (typed.includes(ctrlC)) process.kill(process.pid, 'SIGINT');
        // A paste comes as many characters at once and was meant for something else.
        else if (keys.includes(typed) && performance.now() - askedAt > unreadMs) resolve(typed);
      };
      const onAbort = () => resolve(undefined);
      stop = () => {
        stdin.off('data', onData);
        signal.removeEventListener('abort', onAbort);
      };
      stdin.on('data', onData);
      signal.addEventListener('abort', onAbort);
      if (signal.aborted) onAbort();
      stdin.resume();
    });
  } finally {
    stop();
    stdin.setRawMode(false);
    stdin.pause();
  }
}
