/** What a command gets to work with, and the frame around each: connections closed, outcome or failure shown. */
import { homedir } from 'node:os';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { resolveDataDir } from '../launch/data-dir.ts';
import { AgorError } from '../protocol/errors.ts';
import type { ClientHello } from '../protocol/handshake.ts';
import type { Connection } from './connection.ts';
import { type Outcome, showFailure, showOutcome } from './output.ts';

/** Bundles lie in `dist/cli/`, sources in `server/cli/`: the programs are one folder up. */
export const distDir = dirname(dirname(fileURLToPath(import.meta.url)));

export type GlobalOptions = { readonly json?: boolean; readonly dataDir?: string };

export type Invocation = {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly now: number;
  readonly json: boolean;
  readonly dataDir: string;
  /** The same connection each time; the backend is started if it does not run. */
  backend(): Promise<Connection>;
  /** A connection to the backend that runs; rejects where none answers, and starts and ends nothing. */
  attached(): Promise<Connection>;
  /** Another connection, for when the first was lost. */
  reconnect(): Promise<Connection>;
  /** A new one in the name of the person's assistant, which may do less. */
  assistant(): Promise<Connection>;
};

export type Action<A extends unknown[]> = (invocation: Invocation, ...args: A) => Promise<Outcome>;

/** Makes a command's work into what the parser calls: with arguments, options, and the command itself last. */
export function run<A extends unknown[]>(action: Action<A>): (...args: [...A, Command]) => Promise<void> {
  return async (...args) => {
    // The tuple's type says that the last one is the command and those before it are `A`; `at` and `slice` cannot.
    const command = args.at(-1) as Command;
    const given = args.slice(0, -1) as A;
    const options: GlobalOptions = command.optsWithGlobals();
    const connections: Connection[] = [];
    try {
      const outcome = await action(invocationFor(options, connections), ...given);
      process.exitCode = await showOutcome(outcome, options.json === true);
    } catch (error) {
      process.exitCode = await showFailure(error, options.json === true);
    } finally {
      for (const connection of connections) connection.close();
    }
  };
}

function invocationFor(options: GlobalOptions, connections: Connection[]): Invocation {
  const dataDir = chosenDataDir(options.dataDir);
  const connectAs = async (role: ClientHello['role'], only: { readonly wish?: 'attach' } = {}) => {
    // Loaded when it is needed: an agent's commands have another way, and are called often.
    const { openConnection } = await import('./connection.ts');
    const onRefused = (sentence: string) => void process.stderr.write(`${sentence}\n`);
    const connection = await openConnection({ dataDir, role, distDir, onRefused, ...only });
    connections.push(connection);
    return connection;
  };
  const reconnect = () => connectAs('cli');
  let first: Promise<Connection> | undefined;
  const backend = () => {
    first ??= reconnect();
    return first;
  };
  const json = options.json === true;
  return {
    get cwd() {
      return currentFolder();
    },
    env: process.env,
    now: Date.now(),
    json,
    dataDir,
    backend,
    attached: () => connectAs('cli', { wish: 'attach' }),
    reconnect,
    assistant: () => connectAs('assistant'),
  };
}

/** What is typed goes before the environment, and is meant from where it is typed. */
function chosenDataDir(typed: string | undefined): string {
  if (typed !== undefined) return resolve(currentFolder(), typed);
  return resolveDataDir({ env: process.env, home: homeFolder(), platform: process.platform });
}

function currentFolder(): string {
  try {
    return process.cwd();
  } catch (cause) {
    throw new AgorError('notFound', 'The folder you are in was removed. Go to another one, or name the project with --project.', { cause });
  }
}

/** Empty where the system knows none; whoever needs it says so. */
function homeFolder(): string {
  try {
    return homedir();
  } catch {
    return '';
  }
}
