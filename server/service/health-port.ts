/** The health of a service by HTTP, on this machine alone. It never keeps the backend from running: what is in its way is told. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type Answer, type Asked, refusal } from './health-answer.ts';

export type HealthPortDeps = {
  readonly answer: () => Answer;
  /** What is in the way changed. */
  readonly onProblem: () => void;
  /** Calls once after so many milliseconds; returns what calls it off. */
  readonly after: (delayMs: number, call: () => void) => () => void;
};

const loopback = '127.0.0.1';
const tryAgainMs = 10_000;
const mostConnections = 32;
const answerWithinMs = 5_000;

export class HealthPort {
  readonly #deps: HealthPortDeps;
  #server: Server | undefined;
  #port = 0;
  #problem: string | undefined;
  #stopTrying = () => {};

  constructor(deps: HealthPortDeps) {
    this.#deps = deps;
  }

  /** Why nobody can ask there, in a sentence. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Where it listens now; undefined when it does not. */
  get listensOn(): number | undefined {
    const address = this.#server?.listening ? this.#server.address() : null;
    return typeof address === 'object' ? address?.port : undefined;
  }

  /** 0 turns it off. A port that is taken is tried again until it is free, or another one is set. */
  async use(port: number): Promise<void> {
    if (port === this.#port && this.#server) return;
    await this.close();
    this.#port = port;
    if (port > 0) await this.#listen();
  }

  async close(): Promise<void> {
    this.#stopTrying();
    this.#become(undefined);
    const server = this.#server;
    this.#server = undefined;
    if (!server?.listening) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  }

  async #listen(): Promise<void> {
    const server = createServer(
      { headersTimeout: answerWithinMs, requestTimeout: answerWithinMs, connectionsCheckingInterval: answerWithinMs },
      (request, response) => respond(request, response, this.#deps.answer),
    );
    server.maxConnections = mostConnections;
    this.#server = server;
    const error = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
      server.once('error', resolve);
      server.listen(this.#port, loopback, () => resolve(undefined));
    });
    // Closed or set anew meanwhile.
    if (this.#server !== server) return void server.close();
    server.on('error', () => {});
    if (!error) return this.#become(undefined);
    this.#become(problemOf(error, this.#port));
    this.#stopTrying = this.#deps.after(tryAgainMs, () => void this.#listen());
  }

  #become(problem: string | undefined): void {
    if (problem === this.#problem) return;
    this.#problem = problem;
    this.#deps.onProblem();
  }
}

function problemOf({ code, message }: NodeJS.ErrnoException, port: number): string {
  const other = 'Set health.port (AGOR_HEALTH_PORT) to a free one, or to 0 for none.';
  if (code === 'EADDRINUSE') return `Port ${port} of the health check is taken by another program, so nobody can ask there. ${other}`;
  if (code === 'EACCES') return `Port ${port} of the health check is not for ordinary users to listen on. ${other}`;
  return `The health check cannot listen on port ${port}: ${message}. ${other}`;
}

/** Whoever asks must not be able to end a backend that cannot tell how it is. */
function answered(answer: () => Answer): Answer {
  try {
    return answer();
  } catch {
    // Why is in `agor health`: everybody can ask here.
    return { status: 503, body: { status: 'failing' } };
  }
}

function respond(request: IncomingMessage, response: ServerResponse, answer: () => Answer): void {
  const asked: Asked = { method: request.method ?? '', url: request.url ?? '', host: request.headers.host };
  const { status, body, allow } = refusal(asked) ?? answered(answer);
  const text = `${JSON.stringify(body)}\n`;
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    Connection: 'close',
    ...(allow === undefined ? {} : { Allow: allow }),
  });
  response.end(request.method === 'HEAD' ? undefined : text);
}
