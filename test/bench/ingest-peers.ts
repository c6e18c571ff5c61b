/** The same lines of the same programs, only parsed; and the way that comes to mind first: readline, and an insert for each line. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import Database from 'better-sqlite3';
import { removeDatabase } from './outbox-peers.ts';

type Told = { readonly params: { readonly sessionId: string; readonly update: { readonly sessionUpdate: string } } };
type Talker = ChildProcess & { readonly stdout: NonNullable<ChildProcess['stdout']> };

/** Of programs that begin at once. Milliseconds from the first byte to the last. */
async function talk(programs: readonly Talker[], read: (program: Talker) => void): Promise<number> {
  let begun: number | undefined;
  for (const program of programs) {
    program.stdout.once('data', () => {
      begun ??= performance.now();
    });
    read(program);
  }
  await Promise.all(programs.map((program) => once(program.stdout, 'end')));
  return performance.now() - (begun ?? performance.now());
}

export function onlyParsed(command: readonly [string, ...string[]], environments: readonly NodeJS.ProcessEnv[]): Promise<number> {
  return talk(start(command, environments), ({ stdout }) => {
    let rest = '';
    stdout.setEncoding('utf8').on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) JSON.parse(line);
    });
  });
}

/** Each line is a row of its own, without waiting for the disk, and is told on. */
export async function insertedByLine(command: readonly [string, ...string[]], environments: readonly NodeJS.ProcessEnv[], path: string) {
  const db = new Database(path);
  db.pragma('journal_mode = wal');
  db.pragma('synchronous = normal');
  db.exec('create table events (id integer primary key, session text, kind text, body text)');
  const insert = db.prepare('insert into events (session, kind, body) values (?, ?, ?)');
  let toldBytes = 0;
  const tookMs = await talk(start(command, environments), ({ stdout }) => {
    createInterface({ input: stdout }).on('line', (line) => {
      const told: Told = JSON.parse(line);
      insert.run(told.params.sessionId, told.params.update.sessionUpdate, line);
      toldBytes += JSON.stringify(told).length;
    });
  });
  db.close();
  removeDatabase(path);
  if (toldBytes === 0) throw new Error('the programs said nothing');
  return tookMs;
}

function start([file, ...args]: readonly [string, ...string[]], environments: readonly NodeJS.ProcessEnv[]): Talker[] {
  return environments.map((env) => spawn(file, args, { env, stdio: ['ignore', 'pipe', 'inherit'] }));
}
