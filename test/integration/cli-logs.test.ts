/** What a person sees of logs, and a person's tool of an agent at work, from the command line. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { LogRecord } from '../../server/protocol/log-record.ts';
import { MonitorLine } from '../../server/protocol/monitor.ts';
import { OwnerRecord } from '../../server/protocol/owner-record.ts';
import { type AgorHome, agorHome } from '../support/run-agor.ts';

let home: AgorHome;
before(async () => {
  home = await agorHome();
  await home.json(['project', 'add', '.']);
  await home.json(['agent', 'add', 'demo', '--provider', 'demo', '--env', 'AGOR_DEMO_SPEED']);
  await home.json(['agent', 'start', 'demo']);
});
after(() => home.close());

describe('the log of an agent', () => {
  it('begins with what runs, for whom and where', async () => {
    const { stdout, code } = await home.run(['agent', 'logs', 'demo']);
    assert.equal(code, 0);
    assert.match(
      stdout,
      /^Agent {5}demo \([0-9a-f]{8}\)\nProject {3}project\nProvider {2}demo\nModel .*\nFolder {4}\/.*\nCommand .*\nStarted {3}\d{4}-/m,
    );
    assert.match(stdout, /INFO {3}bus +connected to the backend/);
  });

  it('shows only what is bad when that is asked for', async () => {
    const { stdout } = await home.run(['agent', 'logs', 'demo', '--level', 'error']);
    assert.equal(stdout, '');
  });

  it('is followed from run to run and past the end of a backend, each record once, as one document a line', async () => {
    const { child, finished, seen } = home.start(['agent', 'logs', 'demo', '--follow', '--json', '-n', '1']);
    await seen(/\n/);
    const owner = OwnerRecord.parse(JSON.parse(readFileSync(join(home.dataDir, 'run', 'owner.json'), 'utf8')));
    process.kill(owner.pid, 'SIGKILL');
    await seen(/The backend went away; starting it again and going on\./);
    await home.json(['agent', 'restart', 'demo']);
    await seen(/"runEnded"[\s\S]*"runBegan"[\s\S]*connected to the backend/);
    child.kill('SIGINT');
    const { stdout } = await finished;
    const lines = stdout.trimEnd().split('\n');
    for (const line of lines) LogRecord.parse(JSON.parse(line));
    assert.equal(new Set(lines).size, lines.length);
  });

  it('of an agent that is not there is refused', async () => {
    const { code, stderr } = await home.run(['agent', 'logs', 'nobody', '--follow']);
    assert.equal(code, 1);
    assert.match(stderr, /no agent "nobody"/);
  });
});

describe('the level of a log', () => {
  it('is shown and set, for the backend and for one agent, however it is written', async () => {
    assert.deepEqual(await home.json(['log-level']), { level: 'info' });
    assert.deepEqual(await home.json(['log-level', ' WARN ']), { level: 'warn', previous: 'info' });
    assert.deepEqual(await home.json(['log-level', 'debug', '--agent', 'demo']), { level: 'debug', previous: 'info' });
    assert.deepEqual(await home.json(['log-level']), { level: 'warn' });
    assert.match((await home.run(['log-level', '--agent', 'demo'])).stdout, /^The sidecar of demo logs from debug upwards\.$/m);
  });

  it('of an agent holds for its next sidecar too', async () => {
    await home.json(['agent', 'stop', 'demo']);
    await home.json(['agent', 'start', 'demo']);
    assert.deepEqual(await home.json(['log-level', '--agent', 'demo']), { level: 'debug' });
  });

  it('is refused with those there are', async () => {
    const { code, stderr } = await home.run(['log-level', 'loud']);
    assert.equal(code, 2);
    assert.match(stderr, /Levels are trace, debug, info, warn, error, fatal/);
  });
});

describe('an agent at work, for a program that looks on', () => {
  it('is told as documents, line by line, until its run ends', async () => {
    const { finished, seen } = home.start(['agent', 'monitor', 'demo']);
    await seen(/"kind":"snapshot".*\n/);
    await home.json(['agent', 'prompt', 'demo', 'hello', '--wait']);
    await seen(/"turnEnded"/);
    await home.json(['agent', 'stop', 'demo']);
    const { code, stdout, stderr } = await finished;
    assert.deepEqual([code, stderr], [0, 'The run has ended.\n']);
    const lines = stdout.trimEnd().split('\n');
    assert.ok(lines.length > 5);
    for (const line of lines) MonitorLine.parse(JSON.parse(line));
  });

  it('is not there when it does not run', async () => {
    const { code, stderr } = await home.run(['agent', 'monitor', 'demo']);
    assert.equal(code, 1);
    assert.match(stderr, /demo does not run\. Start it with: agor agent start demo/);
  });
});
