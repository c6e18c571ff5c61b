/** Asks a backend that runs what it knows, without starting one, taking its place or ending it, as a command otherwise may. */
import { readFileSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import type { DataPaths } from '../base/data-paths.ts';
import { isSameProcess } from '../base/process-identity.ts';
import { within } from '../base/within.ts';
import { type Connection, overSocket } from '../cli/connection.ts';
import { greet } from '../launch/handshake.ts';
import type { Agent } from '../protocol/agent.ts';
import type { CatalogueEntry } from '../protocol/catalogue.ts';
import type { Health } from '../protocol/health.ts';
import { OwnerRecord } from '../protocol/owner-record.ts';

export type Answers = { readonly health: Health; readonly agents: readonly Agent[]; readonly catalogue: readonly CatalogueEntry[] };

/** A backend that is only busy answers sooner. */
const patienceMs = 8_000;

/** Undefined when none runs that has said who it is. */
export function livingOwner({ ownerRecord }: DataPaths): OwnerRecord | undefined {
  try {
    const owner = OwnerRecord.parse(JSON.parse(readFileSync(ownerRecord, 'utf8')));
    return isSameProcess(owner) ? owner : undefined;
  } catch {
    // None yet, or of another version.
    return undefined;
  }
}

/** Null when it does not answer in time. */
export async function askBackend(owner: OwnerRecord, paths: DataPaths): Promise<Answers | null> {
  const socket = createConnection(owner.socketPath);
  let answers: Answers | undefined;
  const asked = ask(socket, owner, paths).then(
    (given) => {
      answers = given;
    },
    () => {
      // A refused or broken connection is no answer either.
    },
  );
  await within(asked, patienceMs);
  socket.destroy();
  return answers ?? null;
}

async function ask(socket: Socket, { build }: OwnerRecord, paths: DataPaths): Promise<Answers> {
  await connected(socket);
  // With its own build, so that one that is older does not hand over to a command that only looks.
  const reply = await greet(socket, { role: 'cli', token: readFileSync(paths.token, 'utf8').trim(), build });
  if (!reply.ok) throw new Error(reply.message);
  const connection: Connection = overSocket(socket);
  const [health, { agents }, { entries }] = await Promise.all([
    connection.call('health/get', {}),
    connection.call('agent/list', {}),
    connection.call('catalogue/list', process.env.PATH === undefined ? {} : { path: process.env.PATH }),
  ]);
  return { health, agents, catalogue: entries };
}

function connected(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    // Stays for the socket's life: a later error is seen as a request that fails.
    socket.on('error', reject);
    socket.once('connect', () => resolve());
  });
}
