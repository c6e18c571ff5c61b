/** A socket like systemd's, in a process of its own, because Node has no datagram sockets by path. */
import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../fixtures/notify-listener.pl', import.meta.url));

/** Why it cannot be had here; false when it can. */
export function noNotifyListener(): string | false {
  const isThere = process.platform === 'linux' && spawnSync('perl', ['-MIO::Socket::UNIX', '-e', '1']).status === 0;
  return isThere ? false : 'Linux with perl';
}

export class NotifyListener {
  readonly #child: ChildProcessByStdio<null, Readable, null>;
  readonly #ended: Promise<unknown>;
  readonly messages: string[] = [];
  #looks = new Set<() => void>();

  private constructor(path: string) {
    this.#child = spawn('perl', [program, path], { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#ended = once(this.#child, 'close');
    let rest = '';
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      this.messages.push(...lines);
      for (const look of [...this.#looks]) look();
    });
  }

  static async on(path: string): Promise<NotifyListener> {
    const listener = new NotifyListener(path);
    await listener.heard(/^listening$/);
    return listener;
  }

  heard(pattern: RegExp, times = 1): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (this.messages.filter((message) => pattern.test(message)).length < times) return;
        this.#looks.delete(look);
        resolve();
      };
      this.#looks.add(look);
      look();
    });
  }

  async close(): Promise<void> {
    this.#child.kill();
    await this.#ended;
  }
}
