/** A line that a person types and nobody sees, not even the terminal. */
import type { ReadStream } from 'node:tty';

const ctrlC = '\u0003';
const ends = '\r\n\u0004';
const erases = '\b\u007f';

/** Ctrl+C acts as it does outside. A paste comes as many characters at once. */
export async function readUnseen(stdin: ReadStream, question: string): Promise<string> {
  process.stderr.write(question);
  stdin.setRawMode(true);
  stdin.setEncoding('utf8');
  let stop = () => {};
  try {
    return await new Promise((resolve) => {
      let typed: string[] = [];
      const onData = (text: string) => {
        for (const sign of text) {
          if (sign === ctrlC) process.kill(process.pid, 'SIGINT');
          else if (ends.includes(sign)) resolve(typed.join(''));
          else if (erases.includes(sign)) typed = typed.slice(0, -1);
          else typed.push(sign);
        }
      };
      stop = () => stdin.off('data', onData);
      stdin.on('data', onData);
      stdin.resume();
    });
  } finally {
    stop();
    stdin.setRawMode(false);
    stdin.pause();
    process.stderr.write('\n');
  }
}
