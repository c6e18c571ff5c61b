/** A real service, run from the sources in the foreground over a data directory. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const programOf = (name: string) => fileURLToPath(new URL(`../../server/${name}.ts`, import.meta.url));

export type ServedOptions = {
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Started as a unit that names the service itself does it. */
  readonly isDirect?: true;
};

export class Served {
  readonly child: ChildProcess;
  /** The exit code; null when a signal killed it. */
  readonly ended: Promise<number | null>;
  stdout = '';
  stderr = '';
  readonly #looks = new Set<() => void>();

  constructor(dataDir: string, { args = [], env = {}, isDirect }: ServedOptions = {}) {
    const { PATH, HOME, TMPDIR, AGOR_CONFIG_DIR } = process.env;
    const own = { PATH, HOME, TMPDIR, AGOR_CONFIG_DIR, AGOR_DATA_DIR: dataDir, AGOR_HEALTH_PORT: '0' };
    const words = isDirect ? [programOf('serve'), dataDir] : [programOf('cli/agor'), 'serve'];
    this.child = spawn(process.execPath, [...words, ...args], { env: { ...own, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const name of ['stdout', 'stderr'] as const) {
      this.child[name]?.setEncoding('utf8').on('data', (text: string) => {
        this[name] += text;
        for (const look of [...this.#looks]) look();
      });
    }
    this.ended = once(this.child, 'close').then(([code]) => code);
  }

  /** Rejects when it ended without. */
  async seen(pattern: RegExp): Promise<void> {
    const said = new Promise<void>((resolve) => {
      const look = () => pattern.test(this.stdout + this.stderr) && this.#looks.delete(look) && resolve();
      this.#looks.add(look);
      look();
    });
    const endedFirst = this.ended.then((code) => {
      throw new Error(`The service ended with ${code} without ${pattern}: ${this.stdout}${this.stderr}`);
    });
    await Promise.race([said, endedFirst]);
  }

  ready(): Promise<void> {
    return this.seen(/backend ready/);
  }

  /** The records that it showed. */
  records(): Record<string, unknown>[] {
    const lines = this.stdout.split('\n').filter((line) => line !== '');
    return lines.map((line) => JSON.parse(line));
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.child.kill(signal);
    return this.ended;
  }
}
