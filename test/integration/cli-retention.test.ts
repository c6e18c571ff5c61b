/** Old transcripts on their way out, and large databases written anew, from the command line, with a real backend. */
import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { after, before, it } from 'node:test';
import { dataPaths } from '../../server/base/data-paths.ts';
import { Health } from '../../server/protocol/health.ts';
import { requests } from '../../server/protocol/requests.ts';
import { RetentionPreview, RetentionReport, RetentionRun } from '../../server/protocol/retention.ts';
import { openStores } from '../../server/stores.ts';
import { type AgorHome, agorHome } from '../support/run-agor.ts';
import { makeOlder, workLongAgo } from '../support/worked-long-ago.ts';

const dayMs = 24 * 60 * 60_000;

let home: AgorHome;
before(async () => {
  home = await agorHome();
  await home.json(['project', 'add', '.', '--trust']);
  await home.json(['agent', 'add', 'demo', '--provider', 'demo']);
  await home.json(['agent', 'prompt', 'demo', 'help', '--wait']);
  await home.json(['backend', 'stop']);
  const stores = openStores(dataPaths(home.dataDir));
  makeOlder(stores, 200 * dayMs);
  workLongAgo(stores, { turns: 400, at: Date.now() - 200 * dayMs, chars: 20_000 });
  const { db } = stores.sessions;
  // As one of before, which gives nothing back by itself.
  db.pragma('journal_mode = delete');
  db.pragma('auto_vacuum = none');
  db.exec('vacuum');
  stores.close();
});
after(() => home.close());

const shown = async () => requests['session/items'].result.parse(await home.json(['session', 'show']));

it('transcripts are kept for good, until a person sets a number of days; then what would go is counted first', async () => {
  const { transcriptDays, transcriptArchives } = RetentionReport.parse(await home.json(['retention', 'show']));
  assert.deepEqual([transcriptDays, transcriptArchives], [0, []]);
  assert.equal(RetentionPreview.parse(await home.json(['retention', 'run', '--dry-run'])).items, 0);
  await home.json(['config', 'set', 'retention.transcriptDays', '30']);
  const { items, sessions } = RetentionPreview.parse(await home.json(['retention', 'run', '--dry-run']));
  assert.deepEqual([items > 800, sessions], [true, 2]);
});

it('what is old goes, is said where it was, and is read back as it was', async () => {
  const before = await shown();
  const { archivedItems, removedItems, problems } = RetentionRun.parse(await home.json(['retention', 'run']));
  assert.deepEqual([archivedItems, problems], [removedItems, []]);
  const { session, items } = await shown();
  assert.deepEqual([items, session.archived?.items], [[], before.items.length]);
  assert.match((await home.run(['session', 'show'])).stdout, /went into an archive on .*: agor retention read --session/);
  const read = await home.json(['retention', 'read', '--session', session.id]);
  const found = (read as { items: { item: unknown }[] }).items.map(({ item }) => item);
  assert.deepEqual(found, before.items);
  assert.match((await home.run(['retention', 'read', '--session', session.id])).stdout, /> help/);
});

it('the agent goes on in the same session, and its beginning is no loss to anybody', async () => {
  await home.json(['agent', 'prompt', 'demo', 'help', '--wait']);
  const { session, items } = await shown();
  assert.deepEqual([items.at(-1)?.kind, session.turnCount, (session.archived?.items ?? 0) > 0], ['turnEnd', 2, true]);
  assert.deepEqual(Health.parse(await home.json(['health'])).problems, []);
});

it('a database that cannot shrink by itself is written anew while the backend makes way, and then does', async () => {
  const { sessionsDb } = dataPaths(home.dataDir);
  const size = statSync(sessionsDb).size;
  const pid = Health.parse(await home.json(['health'])).pid;
  const { stdout, stderr, code } = await home.run(['retention', 'compact']);
  assert.deepEqual([code, /sessions\.db had .* and has .* now\./.test(stdout)], [0, true], stdout + stderr);
  assert.match(stderr, /Writing sessions\.db.*\n.*Checking sessions\.db/s);
  assert.ok(statSync(sessionsDb).size < size / 4);
  const health = Health.parse(await home.json(['health']));
  assert.deepEqual([health.pid === pid, health.problems], [false, []]);
  assert.deepEqual(await home.json(['retention', 'compact']), { compacted: [] });
});
