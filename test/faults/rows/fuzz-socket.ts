/**
 * Garbled frames and greetings on the backend's socket. After each the connection answers, or it was closed with a
 * sentence and a fresh one answers; and the backend is the same process all along.
 */
import { readFileSync } from 'node:fs';
import { processesOf } from '../../../scripts/processes.ts';
import { readBuildInfo } from '../../../server/base/build-info.ts';
import { dataPaths } from '../../../server/base/data-paths.ts';
import { within } from '../../../server/base/within.ts';
import { clientRequests, sidecarRequests } from '../fuzz/backend-frames.ts';
import { mutated, mutatedBytes } from '../fuzz/mutate.ts';
import { endProcess, LiveBackend, playSidecar, recordSidecar } from '../live.ts';
import type { Random } from '../random.ts';
import { openSocket, type RawClient } from '../raw-client.ts';
import type { Figures, Row, RowContext } from '../row.ts';
import type { StageFacts } from '../stage.ts';
import { StandIn } from '../stand-in.ts';
import { Tally } from '../tally.ts';
import { makeTemplate } from '../template.ts';

const frames = { short: 500, long: 10_000 };
const mostRssGrowthMb = 100;
const patienceMs = 10_000;
/** A heap grows with the first callers, whatever they say. */
const warmUpCallers = 3_000;
const freshEvery = 200;
const firstProbe = 1_000_000;

type Subject = { readonly backend: LiveBackend; readonly facts: StageFacts; readonly random: Random; readonly tally: Tally };

export const fuzzClient: Row = {
  name: 'fuzz-client',
  run: (context) =>
    onBackend(context, async ({ backend, facts, random, tally }) => {
      const speak: Speaker = { connect: () => backend.client(firstProbe), probe: 'backend/ping', saysFarewell: true };
      const requests = clientRequests(facts);
      await speakGarbled(speak, () => random.pick(requests), { random, tally, wanted: wantedOf(context) });
    }),
};

export const fuzzSidecar: Row = {
  name: 'fuzz-sidecar',
  run: (context) =>
    onBackend(context, async ({ backend, facts, random, tally }) => {
      // To a sidecar a closed connection says all: it comes back by itself. The sentence is in the backend's log.
      const connect = () => playSidecar(backend.dataDir, facts);
      const requests = sidecarRequests(facts);
      await speakGarbled({ connect, probe: 'run/append', saysFarewell: false }, () => random.pick(requests), {
        random,
        tally,
        wanted: wantedOf(context),
      });
    }),
};

export const fuzzGreeting: Row = {
  name: 'fuzz-greeting',
  run: (context) =>
    onBackend(context, async ({ backend, facts, random, tally }) => {
      const greetings = greetingsOf(backend, facts);
      for (const wanted = wantedOf(context); tally.points < wanted; tally.points += 1) {
        const bytes = mutated(random.pick(greetings), random);
        const problem = await greetGarbled(bytes, dataPaths(backend.dataDir).socket);
        if (problem) tally.problem(`${problem} after ${bytes.toString('base64').slice(0, 500)}`);
        if (tally.points % freshEvery === 0) (await backend.client()).close();
      }
    }),
};

function wantedOf({ points, size }: RowContext): number {
  return points ?? frames[size];
}

async function onBackend(context: RowContext, fuzz: (subject: Subject) => Promise<void>): Promise<Figures> {
  const template = await makeTemplate(context);
  const [facts] = template.stages;
  const tally = new Tally();
  const dataDir = template.copy('data');
  const standIn = new StandIn();
  recordSidecar(dataDir, facts, standIn.pid);
  // With a small young heap, what grows is what is kept.
  const environment = { NODE_OPTIONS: '--max-semi-space-size=4' };
  const backend = new LiveBackend({ dist: context.dist, dataDir, environment });
  try {
    const owner = await backend.ready();
    if (!owner) throw new Error(`the backend does not start: ${backend.stderr}`);
    if (context.size === 'long') await warmUp(backend);
    const before = rssMb(owner.pid);
    await fuzz({ backend, facts, random: context.random, tally });
    const grownMb = rssMb(owner.pid) - before;
    if (context.size === 'long' && grownMb > mostRssGrowthMb) tally.problem(`the backend grew by ${grownMb} MB`);
    const last = await backend.client();
    await last.request('backend/stop', {});
    if ((await backend.exited) !== 0) tally.problem(`the backend did not end in order: ${backend.stderr}`);
    return tally.figures([`memory +${grownMb} MB`]);
  } catch (error) {
    tally.problem(`after ${tally.points}: ${error}; the backend says ${backend.stderr.slice(-2_000) || 'nothing'}`);
    return tally.figures();
  } finally {
    await backend.kill();
    standIn.end();
    // A garbled name may be that of an agent that was free to start.
    for (const { pid } of processesOf(dataDir)) endProcess(pid);
  }
}

/** Good callers that come and go, until the backend is as large as they make it. */
async function warmUp(backend: LiveBackend): Promise<void> {
  for (let caller = 0; caller < warmUpCallers; caller += 1) {
    const client = await backend.client();
    await client.request('health/get', {});
    client.close();
  }
}

type Speaker = {
  readonly connect: () => Promise<RawClient>;
  /** What is asked to see whether anybody listens; it needs no parameters to be answered. */
  readonly probe: string;
  readonly saysFarewell: boolean;
};

type Course = { readonly random: Random; readonly tally: Tally; readonly wanted: number };

async function speakGarbled(speaker: Speaker, next: () => object, { random, tally, wanted }: Course): Promise<void> {
  let client = await speaker.connect();
  for (let id = 1; tally.points < wanted; id += 1, tally.points += 1) {
    const bytes = garbledFrame({ jsonrpc: '2.0', id, ...next() }, random);
    const state = await stateAfter(client, bytes, speaker.probe);
    if (state === 'answers') continue;
    const told = bytes.toString('base64').slice(0, 500);
    if (state === 'deaf') tally.problem(`deaf without closing after ${told}`);
    if (state === 'closed' && !(await saysWhy(speaker, client, bytes))) tally.problem(`closed without a word after ${told}`);
    client.close();
    client = await speaker.connect();
  }
  client.close();
}

/** A caller that writes on into a closed connection may lose what there was to read; then the same frame once more decides. */
async function saysWhy(speaker: Speaker, client: RawClient, bytes: Buffer): Promise<boolean> {
  if (!speaker.saysFarewell || client.farewell !== undefined) return true;
  const again = await speaker.connect();
  await stateAfter(again, bytes, speaker.probe);
  return again.farewell !== undefined;
}

/** `waits`: the frame announced more than it has, so what follows is taken for the rest of it. */
async function stateAfter(client: RawClient, bytes: Buffer, probe: string): Promise<'answers' | 'closed' | 'waits' | 'deaf'> {
  client.send(bytes);
  const answered = client.request(probe, probe === 'run/append' ? { events: [] } : {}).then(
    () => 'answers' as const,
    // Refused is answered as well; cut off is told by the connection.
    () => (client.isOpen ? ('answers' as const) : ('closed' as const)),
  );
  const closed = client.closed.then(() => 'closed' as const);
  const first = Promise.race([answered, closed]);
  if (announcesMore(bytes)) {
    const soon = await within(first, 50);
    return soon ? await first : 'waits';
  }
  return (await within(first, patienceMs)) ? first : 'deaf';
}

/** Half of the faults are in the frame, half in a body that is framed as it should be. */
function garbledFrame(message: object, random: Random): Buffer {
  if (random.chance(0.5)) return framed(mutated(message, random));
  return mutatedBytes(framed(Buffer.from(JSON.stringify(message))), random);
}

function framed(body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`), body]);
}

/** Whether a reader may take these bytes for the beginning of something longer. */
function announcesMore(bytes: Buffer): boolean {
  const text = bytes.toString('latin1');
  const end = text.lastIndexOf('\r\n\r\n');
  const announced = Math.max(0, ...[...text.matchAll(/content-length:? *(\d+)/gi)].map(([, digits]) => Number(digits)));
  return end === -1 || announced > bytes.length - end - 4 || !text.startsWith('Content-Length: ');
}

/** Each is of a caller that has no right to come in, so that no fault in it can let it end the backend. */
function greetingsOf({ dist }: LiveBackend, { tellingAgent, tellingRun }: StageFacts): object[] {
  const build = readBuildInfo(dist);
  const nothing = { programPid: null, programVersion: null, sessionId: null, capabilities: null, turnId: null, promptId: null };
  return [
    { role: 'cli', token: 'wrong', build },
    { role: 'extension', token: '', build },
    { role: 'sidecar', token: 'wrong', wireVersion: 2, build: 'b', runId: tellingRun, agentId: tellingAgent, pid: 1, ...nothing },
  ];
}

/** Why the end of it was no good end; undefined when the caller was refused with a sentence. */
async function greetGarbled(bytes: Buffer, socketPath: string): Promise<string | undefined> {
  const socket = await openSocket(socketPath);
  let reply = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    reply += text;
  });
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => resolve());
  });
  socket.write(Buffer.concat([bytes, Buffer.from('\n')]));
  if (!(await within(closed, patienceMs))) {
    socket.destroy();
    return 'left hanging';
  }
  return isRefusal(reply) ? undefined : `answered with ${JSON.stringify(reply.slice(0, 200))}`;
}

function isRefusal(reply: string): boolean {
  try {
    const { ok, message } = JSON.parse(reply);
    return ok === false && typeof message === 'string' && message !== '';
  } catch {
    return false;
  }
}

/** Zero where the system does not tell. */
function rssMb(pid: number): number {
  if (process.platform !== 'linux') return 0;
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024);
}
