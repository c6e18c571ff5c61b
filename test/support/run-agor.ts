/** The real command line, run from the sources as a child process in a data directory of its own. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const programs = new URL('../../server/cli/', import.meta.url);

export type Finished = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

export type Started = {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly finished: Promise<Finished>;
  /** Resolves when stdout and stderr together have come to hold the pattern; rejects when the command ended without. */
  seen(pattern: RegExp): Promise<void>;
};

type CommandOptions = {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Another one of our commands than `agor`. */
  readonly program?: 'btmsg' | 'bttask';
};

/** A data directory, a project folder, and commands in them. `close` ends everything that was started. */
export class AgorHome {
  readonly #root: string;
  readonly #extra: NodeJS.ProcessEnv;

  constructor(root: string, extra: NodeJS.ProcessEnv) {
    this.#root = root;
    this.#extra = extra;
  }

  get dataDir(): string {
    return join(this.#root, 'data');
  }

  get project(): string {
    return join(this.#root, 'project');
  }

  start(args: readonly string[], options: CommandOptions = {}): Started {
    const program = fileURLToPath(new URL(`${options.program ?? 'agor'}.ts`, programs));
    const child = spawn(process.execPath, [program, ...args], {
      cwd: options.cwd ?? this.project,
      env: { ...this.#environment(), ...options.env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    // A command that ends without reading its input closes the pipe, and says so by its exit code.
    child.stdin.on('error', () => {});
    return watched(child);
  }

  /** Runs it to its end, with `input` as all of its stdin. */
  run(args: readonly string[], options: CommandOptions & { readonly input?: string } = {}): Promise<Finished> {
    const { child, finished } = this.start(args, options);
    child.stdin.end(options.input ?? '');
    return finished;
  }

  /** The document of a command that is expected to succeed. */
  async json(args: readonly string[]): Promise<unknown> {
    const { code, stdout, stderr } = await this.run([...args, '--json']);
    if (code !== 0) throw new Error(`agor ${args.join(' ')} ended with ${code}: ${stdout}${stderr}`);
    return JSON.parse(stdout);
  }

  async close(): Promise<void> {
    await this.run(['project', 'remove', 'project']);
    await this.run(['backend', 'stop']);
    await rm(this.#root, { recursive: true, force: true });
  }

  #environment(): NodeJS.ProcessEnv {
    const { PATH, LANG } = process.env;
    return {
      PATH,
      LANG,
      HOME: this.#root,
      AGOR_DATA_DIR: this.dataDir,
      AGOR_DEMO_SPEED: '0',
      AGOR_DEMO_STATE_DIR: join(this.#root, 'demo'),
      ...this.#extra,
    };
  }
}

export async function agorHome(extra: NodeJS.ProcessEnv = {}): Promise<AgorHome> {
  const root = await mkdtemp(join(tmpdir(), 'agor-cli-'));
  await mkdir(join(root, 'project'));
  await writeFile(join(root, 'project', 'README.md'), '# A project\n\nFor trying things out.\n');
  return new AgorHome(root, extra);
}

function watched(child: ChildProcessByStdio<Writable, Readable, Readable>): Started {
  const out = { stdout: '', stderr: '' };
  const waiting = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      out[name] += text;
      for (const look of [...waiting]) look();
    });
  }
  const finished = new Promise<Finished>((resolve) => {
    child.once('close', (code) => resolve({ code, ...out }));
  });
  const seen = (pattern: RegExp) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (!pattern.test(out.stdout + out.stderr)) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
      void finished.then((end) => reject(new Error(`The command ended without ${pattern}: ${JSON.stringify(end)}`)));
    });
  return { child, finished, seen };
}
