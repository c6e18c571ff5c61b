/**
 * MAIN of the recovery: `recover <data directory> <wish as JSON>`, one JSON document on stdout. Owns the data directory
 * while it works, as a backend does, so the two are never there at once.
 */
import { lstatSync, mkdirSync, rmSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import * as z from 'zod/mini';
import { dataPaths } from './base/data-paths.ts';
import { takeOwnerLock } from './base/owner-lock.ts';
import { lookAtUpgrade, writeUpgrade } from './base/upgrade-files.ts';
import { AgorError } from './protocol/errors.ts';
import { nativeBindingPath } from './store/native-binding.ts';
import { databaseFiles } from './store/quarantine.ts';
import { acceptLoss, inspect, keepReadable, restore } from './store/recovery.ts';
import { openStores, recordPlaces } from './stores.ts';

const Wish = z.discriminatedUnion('do', [
  z.object({ do: z.literal('inspect') }),
  z.object({ do: z.literal('restore'), database: z.enum(['sessions', 'btmsg']), backup: z.string() }),
  z.object({ do: z.literal('salvage'), database: z.enum(['sessions', 'btmsg']) }),
  z.object({ do: z.literal('accept'), database: z.enum(['sessions', 'btmsg']) }),
]);
type Wish = z.infer<typeof Wish>;
type Paths = ReturnType<typeof dataPaths>;

main(process.argv.slice(2));

function main([dataDir, wish]: readonly string[]): void {
  try {
    if (!dataDir || !isAbsolute(dataDir)) throw new AgorError('badRequest', 'Recovery needs the absolute path of a data directory.');
    const answer = recover(dataPaths(dataDir), Wish.parse(JSON.parse(wish ?? '{"do":"inspect"}')));
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  } catch (error) {
    const { code, message } = error instanceof AgorError ? error : new AgorError('internal', String(error));
    process.stdout.write(`${JSON.stringify({ error: { code, message } })}\n`);
    process.exitCode = 1;
  }
}

function recover(paths: Paths, wish: Wish) {
  process.umask(0o077);
  mkdirSync(paths.run, { recursive: true });
  const lock = takeOwnerLock(paths.ownerLock, nativeBindingPath());
  if (!lock) throw new AgorError('conflict', 'A backend runs on this data directory. End it with "agor backend stop", then try again.');
  try {
    const done = act(paths, wish);
    if (wish.do !== 'inspect') {
      forgetIndex(paths);
      settleByHand(paths);
      tell(paths, wish, done);
    }
    const places = recordPlaces(paths);
    return { ...done, databases: [inspect(places.sessions), inspect(places.btmsg)] };
  } finally {
    lock.release();
  }
}

function act(paths: Paths, wish: Wish) {
  if (wish.do === 'inspect') return {};
  const place = recordPlaces(paths)[wish.database];
  if (wish.do === 'restore') return restore(place, wish.backup, new Date());
  return wish.do === 'salvage' ? keepReadable(place, new Date()) : acceptLoss(place, new Date());
}

/** What a person has brought back is not exchanged again by a change of build that broke off. */
function settleByHand(paths: Paths): void {
  const upgrade = lookAtUpgrade(paths);
  if (upgrade?.state !== 'trying' && upgrade?.state !== 'goingBack') return;
  writeUpgrade(paths, { ...upgrade, state: 'wentBack', endedAt: Date.now(), reason: 'a database was brought back by hand', isTold: true });
}

/** The search index counts the changes of what was there before; the next backend makes it anew. */
function forgetIndex({ searchDb }: Paths): void {
  for (const file of databaseFiles(searchDb)) if (lstatSync(file, { throwIfNoEntry: false })?.isFile()) rmSync(file);
}

/** What was done stays in the log, unless the other database is damaged too: then it is told when that one is settled. */
function tell(paths: Paths, wish: Exclude<Wish, { do: 'inspect' }>, done: Readonly<Record<string, unknown>>): void {
  const places = recordPlaces(paths);
  if ([places.sessions, places.btmsg].some((place) => inspect(place).problem !== null)) return;
  const stores = openStores(paths);
  const detail = { ...wish, ...done };
  stores.btmsg.write(() => stores.audit.append({ at: Date.now(), event: 'data_restored', agentId: null, actor: 'cli', detail }));
  stores.close();
}
