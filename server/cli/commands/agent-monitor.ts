/** `agor agent monitor`: everything an agent does, as it does it, for programs: one JSON document a line. */
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { Command } from 'commander';
import { dataPaths } from '../../base/data-paths.ts';
import { readRunRecord } from '../../base/run-record-file.ts';
import { visibleJson } from '../../base/visible-json.ts';
import type { Agent } from '../../protocol/agent.ts';
import { AgorError } from '../../protocol/errors.ts';
import type { RunRecord } from '../../protocol/run-record.ts';
import { findAgent } from '../agent-reference.ts';
import { exitCode } from '../exit-codes.ts';
import { type Invocation, run } from '../invocation.ts';
import { type Outcome, write } from '../output.ts';
import { oneLine } from '../printable.ts';

type Door = NonNullable<RunRecord['control']>;
type Closed = { readonly code: number; readonly reason: string };

const goingAway = 1001;

export function addMonitorCommand(parent: Command): void {
  parent
    .command('monitor')
    .summary('print what an agent does, as it does it')
    .description(
      "Prints a JSON document a line: where the agent stands, and then everything it does, until its run ends. It is the agent's sidecar that tells, on a socket that the agent does not reach.",
    )
    .argument('<agent>', 'name or id')
    .option('-p, --project <project>', 'the project the agent is in, where its name is used in several')
    .action(run(monitor));
}

async function monitor(invocation: Invocation, typed: string, options: { readonly project?: string }): Promise<Outcome> {
  const agent = await findAgent(invocation, typed, options);
  const closed = await stream(doorOf(invocation, agent));
  if (closed.code !== goingAway)
    throw new AgorError('unavailable', `The stream of ${oneLine(agent.name)} broke off. ${oneLine(closed.reason)}`.trim());
  await write(process.stderr, 'The run has ended.\n');
  return { json: undefined, lines: () => [], exitCode: exitCode.ok };
}

/** In the record of its run, which only its owner reads. */
function doorOf({ dataDir }: Invocation, { id, name }: Agent): Door {
  const path = join(dataPaths(dataDir).runRecords, `${id}.json`);
  if (!existsSync(path)) throw new AgorError('notFound', `${oneLine(name)} does not run. Start it with: agor agent start ${oneLine(name)}`);
  const { control } = readRunRecord(path);
  if (control) return control;
  throw new AgorError(
    'unavailable',
    `${oneLine(name)} is still coming up, or its sidecar is of an older version. Try again, or restart it.`,
  );
}

async function stream({ socketPath, token }: Door): Promise<Closed> {
  // Loaded here: no other command needs it.
  const { WebSocket } = await import('ws');
  return new Promise((resolve, reject) => {
    const socket = new WebSocket('ws://localhost/monitor', {
      createConnection: () => connect(socketPath),
      headers: { authorization: `Bearer ${token}` },
      perMessageDeflate: false,
    });
    // What our own reader does not take, the sidecar keeps for a while, and then it lets us go.
    socket.on('message', (data) => {
      if (process.stdout.write(asLine(String(data)))) return;
      socket.pause();
      process.stdout.once('drain', () => socket.resume());
    });
    socket.once('close', (code, reason) => resolve({ code, reason: String(reason) }));
    socket.once('error', (cause) => reject(new AgorError('unavailable', `The sidecar cannot be reached: ${cause.message}.`, { cause })));
  });
}

/** Whoever is on the other end, what comes out is one line and does nothing to a terminal. */
function asLine(text: string): string {
  try {
    return `${visibleJson(JSON.stringify(JSON.parse(text)))}\n`;
  } catch {
    // Not from our sidecar.
    return '';
  }
}
