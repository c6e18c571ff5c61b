/** The socket of a sidecar as its agent's commands see it: notes what is asked, and answers what a test says. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import * as z from 'zod/mini';

const Asked = z.object({ method: z.string(), params: z.record(z.string(), z.unknown()) });

export type Call = {
  readonly path: string | undefined;
  readonly authorization: string | undefined;
  readonly body: z.infer<typeof Asked>;
};
export type ControlAnswer = { readonly status?: number; readonly body: unknown };

export class FakeControl {
  readonly calls: Call[] = [];
  answer: ControlAnswer = { body: { result: {} } };
  readonly #dir = mkdtempSync(join(tmpdir(), 'agor-control-'));
  readonly #server: Server;

  constructor() {
    this.#server = createServer(async (request, response) => {
      this.calls.push({ path: request.url, authorization: request.headers.authorization, body: Asked.parse(await json(request)) });
      const { status = 200, body } = this.answer;
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  }

  /** What the agent's programs find in their environment. */
  get environment(): NodeJS.ProcessEnv {
    return { AGOR_CONTROL_SOCKET: this.socketPath, AGOR_RUN_TOKEN: 'token-of-the-run' };
  }

  get socketPath(): string {
    return join(this.#dir, 'control.sock');
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => {
      this.#server.listen(this.socketPath, resolve);
    });
    return this;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
    rmSync(this.#dir, { recursive: true, force: true, maxRetries: 10 });
  }
}
