/** The search of a real backend: from the command line, from a window, and through kills. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isSameProcess } from '../../server/base/process-identity.ts';
import { openReadOnly } from '../../server/store/read-only.ts';
import { Followed, LiveBackend, until } from '../support/live-backend.ts';
import { type AgorHome, agorHome } from '../support/run-agor.ts';

let home: AgorHome;
before(async () => {
  home = await agorHome();
  await home.run(['project', 'add', '.', '--trust']);
  await home.run(['agent', 'add', 'demo', '--provider', 'demo']);
  await home.run(['agent', 'prompt', 'demo', 'Tell me about the peregrine falcon', '--wait']);
});
after(() => home.close());

test('what was prompted is found from the command line, with where it is', async () => {
  const { code, stdout } = await home.run(['search', 'falcons', '--group', 'messages']);
  assert.equal(code, 0);
  assert.match(stdout, /Messages\n {2}demo in project {2}.*session [0-9a-f]{8}\n {4}.*peregrine falcon/);
});

test('as a document it has its groups, parts and place', async () => {
  const answer = await home.json(['search', 'peregrine', '--order', 'best']);
  assert.partialDeepStrictEqual(answer, { groups: [{ group: 'messages', hits: [{ title: 'demo in project', place: { kind: 'item' } }] }] });
});

test('what is not there is no failure, and what is not understood is told', async () => {
  const { code, stdout } = await home.run(['search', 'zyzzyva', 'agent:nobody']);
  assert.equal(code, 0);
  assert.match(stdout, /No agent is called "nobody", so it was taken as words\.\nNothing was found\./);
});

test('looking for nothing, and for something while making the index anew, are wrong usage', async () => {
  for (const args of [['search'], ['search', '--rebuild', 'word'], ['search', ' ']]) {
    const { code, stderr } = await home.run(args);
    assert.equal(code, 2, args.join(' '));
    assert.match(stderr, /^error: /);
  }
  assert.equal((await home.run(['search', 'word', '--limit', '0'])).code, 2);
});

test('the index is made anew from the command line', async () => {
  const { code, stdout } = await home.run(['search', '--rebuild']);
  assert.equal(code, 0);
  assert.match(stdout, /^The search index was made anew; \d+ entries can be found\.\n$/);
  assert.match((await home.run(['search', 'falcon'])).stdout, /peregrine/);
});

test('backends that are killed while they take things in miss nothing and double nothing', async () => {
  const backend = await LiveBackend.create();
  try {
    let connection = await backend.connect();
    const agent = await backend.demoAgent(connection);
    for (let round = 0; round < 4; round += 1) {
      const { sessionId } = await connection.call('agent/prompt', { agent: agent.id, text: `falcon of round ${round}` });
      const followed = await Followed.session(connection, sessionId);
      void connection.call('search/rebuild', {}).catch(() => undefined);
      if (round === 0) await followed.untilTurnEnds();
      const owner = backend.owner();
      process.kill(owner.pid, 'SIGKILL');
      await until(() => !isSameProcess(owner));
      connection = await backend.connect();
    }
    await until(async () => (await connection.call('search/init', {})).waiting === 0);
    // The last turns may still go on: what was kept before must be found, and nothing that is not kept after.
    const keptBefore = falcons(backend.dataDir);
    const prompts = await connection.call('search/all', { query: '"falcon of round"', groups: ['messages'], limit: 200 });
    const found = prompts.groups.flatMap(({ hits }) => hits.map(({ id }) => id));
    const keptAfter = falcons(backend.dataDir);
    assert.equal(new Set(found).size, found.length);
    assert.deepEqual([keptBefore.filter((id) => !found.includes(id)), found.filter((id) => !keptAfter.includes(id))], [[], []]);
    assert.ok(keptBefore.length >= 4);
  } finally {
    await backend.close();
  }
});

/** The items that tell of falcons, as the search names them. */
function falcons(dataDir: string): string[] {
  const kept = openReadOnly(`${dataDir}/sessions.db`);
  try {
    return kept.prepare<[], string>(`select 'messages:' || id from items where body like '%falcon of round%'`).pluck().all();
  } finally {
    kept.close();
  }
}
