/** `agor serve`: a backend that runs for good, and how it gets and gives up its data directory. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { isSameProcess } from '../../server/base/process-identity.ts';
import type { AgentId } from '../../server/protocol/ids.ts';
import type { Item } from '../../server/protocol/session.ts';
import { Followed, LiveBackend, until } from '../support/live-backend.ts';
import { Served } from '../support/served.ts';

let place: LiveBackend;
let services: Served[];
/** Which only a backend can end. */
let hasAgents: boolean;

beforeEach(async () => {
  place = await LiveBackend.create();
  services = [];
  hasAgents = false;
});
afterEach(async () => {
  for (const service of services) await service.stop();
  if (hasAgents) await place.close();
  else await rm(place.root, { recursive: true, force: true });
});

function serve(...options: ConstructorParameters<typeof Served>[1][]): Served {
  const service = new Served(place.dataDir, options[0]);
  services.push(service);
  return service;
}

/** In the middle of a turn, which goes on once its question is answered: however long a change of backends takes. */
async function askingAgent(): Promise<{ readonly id: AgentId; readonly sidecar: number | undefined }> {
  const connection = await place.connect();
  hasAgents = true;
  const { id } = await place.demoAgent(connection);
  const { sessionId } = await connection.call('agent/prompt', { agent: id, text: 'edit' });
  const followed = await Followed.session(connection, sessionId);
  await followed.until((items) => items.some(isOpenQuestion));
  return { id, sidecar: place.run(id)?.sidecar?.pid };
}

function isOpenQuestion(item: Item): item is Item & { readonly kind: 'permission' } {
  return item.kind === 'permission' && item.state === 'open';
}

/** Nobody started its sidecar anew, and the turn has one end, which comes with the answer. */
async function turnEndsIn(agent: AgentId, sidecar: number | undefined): Promise<void> {
  const connection = await place.connect();
  const [session] = (await connection.call('session/list', { agent })).sessions;
  const followed = await Followed.session(connection, session?.id ?? '');
  const question = followed.ordered().find(isOpenQuestion);
  if (!question) throw new Error(`The question is not open any more: ${JSON.stringify(followed.ordered())}`);
  assert.equal(followed.ordered().filter(({ kind }) => kind === 'turnEnd').length, 0);
  await connection.call('approval/answer', { approval: question.approvalId, decision: 'allowOnce', hash: question.hash });
  await followed.untilTurnEnds();
  assert.equal(place.run(agent)?.sidecar?.pid, sidecar);
  assert.equal(followed.ordered().filter(({ kind }) => kind === 'turnEnd').length, 1);
}

describe('a service', () => {
  it('says what it does in JSON lines with its build, and ends with 0 when it is told to', async () => {
    const service = serve();
    await service.ready();
    assert.equal(place.owner().pid, service.child.pid);
    assert.equal(place.owner().isService, true);
    assert.equal(await service.stop(), 0);
    assert.deepEqual(
      service.records().map(({ gitSha, build, component }) => [gitSha, build, component]),
      service.records().map(() => ['dev', '0.0.0-dev-0', 'backend']),
    );
    assert.match(service.stdout, /"reason":"SIGTERM"/);
    assert.equal(service.stderr, '');
  });

  it('ends in order when its terminal goes away', async () => {
    const service = serve();
    await service.ready();
    assert.equal(await service.stop('SIGHUP'), 0);
  });

  it('shows readable lines to who develops', async () => {
    const service = serve({ env: { NODE_ENV: 'development' } });
    await service.ready();
    assert.match(service.stdout, /^info {2}backend ready$/m);
    assert.equal(await service.stop(), 0);
  });

  it('is the only one of its data directory', async () => {
    const first = serve();
    await first.ready();
    const second = serve();
    assert.equal(await second.ended, 1);
    assert.match(
      second.stderr,
      new RegExp(`^error: A service serves ${place.dataDir} already \\(pid ${first.child.pid}\\)\\. Stop it .*\\n$`),
    );
    assert.equal(place.owner().pid, first.child.pid);
  });

  it('is what windows and commands attach to, and outlives them by any time', async () => {
    const service = serve({ env: { AGOR_IDLE_END_MINUTES: '0.0005' } });
    await service.ready();
    const connection = await place.connect();
    assert.equal((await connection.call('health/get', {})).pid, service.child.pid);
    connection.close();
    const goesOnUntil = Date.now() + 500;
    await until(() => Date.now() > goesOnUntil);
    assert.equal((await (await place.connect()).call('health/get', {})).pid, service.child.pid);
  });

  it('takes over from a backend that a command started, and the turn of its agent goes on', async () => {
    const agent = await askingAgent();
    const { pid } = place.owner();
    const service = serve();
    await service.ready();
    assert.match(service.stderr, new RegExp(`pid ${pid}\\) makes way`));
    assert.equal(place.owner().pid, service.child.pid);
    await turnEndsIn(agent.id, agent.sidecar);
  });

  it('is started anew without its agents noticing', async () => {
    const first = serve();
    await first.ready();
    const agent = await askingAgent();
    assert.equal(await first.stop(), 0);
    await serve().ready();
    await turnEndsIn(agent.id, agent.sidecar);
  });

  it('makes way for a newer build, and asks to be started again', async () => {
    const service = serve();
    await service.ready();
    const { socketPath, build } = place.owner();
    const hello = { role: 'cli', token: readFileSync(join(place.dataDir, 'run/token'), 'utf8'), build: { ...build, buildTime: 1 } };
    const socket = connect(socketPath).on('error', () => {});
    socket.write(`${JSON.stringify(hello)}\n`);
    socket.resume();
    assert.equal(await service.ended, 75);
    socket.destroy();
  });

  it('that goes back to a backup asks to be started again, and begins with it', async () => {
    const service = serve();
    await service.ready();
    const connection = await place.connect();
    const made = await connection.call('backup/create', {});
    const { keptIn } = await connection.call('backup/restore', { backup: made.id });
    assert.equal(await service.ended, 75);
    await serve().ready();
    assert.ok(existsSync(join(keptIn, 'sessions.db')));
  });

  it('has no secret of who started it in its environment', { skip: process.platform !== 'linux' && 'Linux' }, async () => {
    for (const way of [{}, { isDirect: true } as const]) {
      const service = serve({ ...way, env: { MY_API_KEY: 'canary', VSCODE_PID: '1', KEPT: 'yes' } });
      await service.ready();
      const environment = readFileSync(`/proc/${service.child.pid}/environ`, 'utf8');
      assert.match(environment, /KEPT=yes/);
      assert.doesNotMatch(environment, /canary|VSCODE/);
      await service.stop();
    }
  });

  it('takes secrets by a descriptor or from nobody, and not from its environment as well', async () => {
    const service = serve({ args: ['--secrets-fd', '0'], env: { MY_API_KEY: 'canary' } });
    assert.equal(await service.ended, 1);
    assert.match(service.stderr, /unset MY_API_KEY and try again/);
    assert.doesNotMatch(service.stderr, /canary/);
  });

  it('refuses what it cannot use with one sentence', async () => {
    const service = serve({ env: { AGOR_IDLE_END_MINUTES: 'soon' } });
    assert.equal(await service.ended, 2);
    assert.match(service.stderr, /^error: AGOR_IDLE_END_MINUTES must be a number of minutes above zero; "soon" is not\.\n$/);
  });
});

describe('the smoke test', () => {
  const scratch = () => readdirSync(tmpdir()).filter((name) => name.startsWith('agor-smoke-test-'));

  it('says in one line that the databases can be opened, and leaves nothing', async () => {
    const test = serve({ args: ['--smoke-test'] });
    assert.equal(await test.ended, 0);
    assert.equal(test.stdout, 'Database initialized\n');
    assert.equal(test.stderr, '');
    assert.deepEqual(scratch(), []);
    assert.ok(!existsSync(place.dataDir));
  });

  it('is not kept from its work by a backend that runs, and does not disturb it', async () => {
    const service = serve();
    await service.ready();
    const owner = place.owner();
    assert.equal(await serve({ args: ['--smoke-test'] }).ended, 0);
    assert.deepEqual(place.owner(), owner);
    assert.ok(isSameProcess(owner));
  });

  it('on a copy leaves nothing, and removes what one left that was killed, with all of the data in it', async () => {
    const run = join(place.dataDir, 'run');
    mkdirSync(join(run, 'smoke-test-999999999-left'), { recursive: true });
    mkdirSync(join(run, `smoke-test-${process.pid}-other`));
    const backend = fileURLToPath(new URL('../../server/backend.ts', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [backend, place.dataDir, '--smoke-test', 'copy']);
    assert.equal(stdout, 'Database initialized\n');
    assert.deepEqual(
      readdirSync(run).filter((name) => name.startsWith('smoke-test-')),
      [`smoke-test-${process.pid}-other`],
    );
  });

  it('refuses a directory that a backend owns', async () => {
    await serve().ready();
    const test = serve({ args: ['--smoke-test', '--on', place.dataDir] });
    assert.equal(await test.ended, 1);
    assert.match(test.stderr, /A backend owns .*, so this build cannot be tried on it\./);
  });

  it('tells why databases cannot be used', async () => {
    const service = serve();
    await service.ready();
    await service.stop();
    writeFileSync(join(place.dataDir, 'sessions.db'), 'this is no database, and long enough to be read as one'.repeat(100));
    const test = serve({ args: ['--smoke-test', '--on', place.dataDir] });
    assert.equal(await test.ended, 1);
    assert.match(test.stderr, /^error: The build cannot be used: .*sessions\.db/);
    assert.equal(test.stdout, '');
  });
});
