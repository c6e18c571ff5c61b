/** `agor mcp`: an agent's tools for mail and tasks, for whatever works for the person: an editor's chat, a program of theirs. */
import type { Command } from 'commander';
import type { Input, Method } from '../../protocol/requests.ts';
import type { Connection } from '../connection.ts';
import { type Invocation, run } from '../invocation.ts';
import type { Outcome } from '../output.ts';

const help = `
It speaks the Model Context Protocol over input and output and ends when its input does. What it writes is from your
assistant, and it may do less than you: it decides nothing in your place.

Example, in the settings of a program that takes such servers:
  { "mcpServers": { "agor": { "command": "agor", "args": ["mcp"] } } }`;

export function addMcpCommand(program: Command): void {
  program
    .command('mcp')
    .summary('serve messages and tasks to a program by the Model Context Protocol')
    .description('Serve messages and tasks to a program, by the Model Context Protocol.')
    .addHelpText('after', help)
    .action(run(serve));
}

async function serve(invocation: Invocation): Promise<Outcome> {
  // Other commands need none of it, and start sooner without.
  const { serveTools } = await import('../../mcp/tool-server.ts');
  const backend = new LastingConnection(() => invocation.assistant());
  await serveTools(async (method, params) => {
    const connection = await backend.get();
    // The tools name methods of the contract, with what those take.
    return connection.call(method as Method, params as Input<Method>);
  });
  return { json: undefined, lines: () => [] };
}

/** The server outlives many backends: a connection that has ended is made again when it is next needed. */
class LastingConnection {
  readonly #connect: () => Promise<Connection>;
  #current: Promise<Connection> | undefined;

  constructor(connect: () => Promise<Connection>) {
    this.#connect = connect;
  }

  get(): Promise<Connection> {
    this.#current ??= this.#open();
    return this.#current;
  }

  async #open(): Promise<Connection> {
    try {
      const connection = await this.#connect();
      void connection.closed.then(() => {
        this.#current = undefined;
      });
      return connection;
    } catch (error) {
      this.#current = undefined;
      throw error;
    }
  }
}
