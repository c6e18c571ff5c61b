/**
 * A canary is given to an agent that says it on every way out, in every shape; then whatever of ours holds anything is
 * searched for it: files, databases with their logs and index, processes, what windows hear, and what commands print.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { processesOf } from '../../scripts/processes.ts';
import type { Connection } from '../../server/cli/connection.ts';
import { allShapes, encodings, mark } from '../support/canary-encodings.ts';
import { MonitorReader } from '../support/control-client.ts';
import { LiveBackend, until } from '../support/live-backend.ts';
import { TestWindow } from '../support/test-window.ts';

const distDir = fileURLToPath(new URL('../../server', import.meta.url));
const leaks = fileURLToPath(new URL('../fixtures/programs/leaks-everywhere.mjs', import.meta.url));
/** Of letters and digits, as a name of a channel may be. */
const canary = 'canary-7f3k9q2mxw8e4z1vb6t5';
const run = promisify(execFile);

type Sink = { readonly name: string; readonly bytes: Buffer };

test('a secret that an agent says on every way out, in every shape, is in nothing of ours', async (t) => {
  const backend = await LiveBackend.create();
  t.after(() => backend.close());
  const window = await TestWindow.open({ dataDir: backend.dataDir, distDir }, { canary });
  t.after(() => window.close());
  const heard: unknown[] = [];
  window.onNotification((method, params) => heard.push([method, params]));
  await window.call('secret/record', { name: 'canary', deleted: false });
  const connection = await backend.connect();
  const agent = await addTeller(backend, connection);
  await connection.call('agent/start', { agent: agent.id });
  const { socketPath = '', token } = backend.run(agent.id)?.control ?? {};
  const monitor = new MonitorReader(socketPath, token ?? '');
  t.after(() => monitor.socket.terminate());
  for (const text of ['leak', 'fail', 'crash']) await endedTurn(connection, agent.id, text);
  const { sessionId } = await connection.call('agent/prompt', { agent: agent.id, text: 'fail' });
  heard.push(await window.call('session/watch', { session: sessionId, limit: 200 }));
  // What a page keeps is what it was shown.
  await window.call('view/put', { view: 'chat', key: agent.id, state: JSON.stringify(heard).slice(0, 1_000_000), savedAt: 1 });
  await until(async () => (await connection.call('search/init', {})).waiting === 0);
  const processes = processSinks(backend);

  const printed = await outputs(backend, agent.id, sessionId);
  const sinks = [...files(backend), ...processes, ...printed, ...live(heard, monitor)];
  const found = sinks.flatMap((sink) => leaksIn(sink));
  const table = tableOf(sinks, found);
  for (const line of table.lines) t.diagnostic(line);
  t.diagnostic(`${table.channels} channels × ${Object.keys(encodings).length} shapes in ${sinks.length} places: ${found.length} hits`);
  assert.deepEqual(found, []);
  assert.ok(table.channels >= 40, `${table.channels} channels have come to be kept somewhere`);
  // What was counted since it was told the last time is told at the end of the run.
  await connection.call('agent/stop', { agent: agent.id });
  await assertTold(connection, agent.id);
});

function live(heard: readonly unknown[], monitor: MonitorReader): Sink[] {
  return [
    { name: 'what a window hears', bytes: Buffer.from(JSON.stringify(heard)) },
    { name: 'what a person’s tools hear', bytes: Buffer.from(monitor.raw.join('\n')) },
  ];
}

async function addTeller(backend: LiveBackend, connection: Connection) {
  await connection.call('project/add', { path: backend.project, trusted: true });
  const secretUses = [{ variable: 'AGENT_CANARY', secret: 'canary' }];
  const command = [process.execPath, leaks];
  // Its program has to be readable in its fence, which is not what is tried here.
  const agent = await connection.call('agent/add', { project: 'project', name: 'teller', provider: 'acp', command, secretUses });
  await connection.call('agent/configure', { agent: agent.id, sandboxMode: 'off' });
  await connection.call('log/setLevel', { level: 'trace' });
  connection.on('approval/changed', ({ approval }) => {
    if (approval.state === 'open')
      void connection.call('approval/answer', { approval: approval.id, decision: 'deny', hash: approval.hash });
  });
  return agent;
}

async function endedTurn(connection: Connection, agent: string, text: string): Promise<void> {
  const { sessionId, promptId } = await connection.call('agent/prompt', { agent, text });
  await connection.call('log/setLevel', { level: 'trace', agent });
  await until(async () => {
    const { items } = await connection.call('session/items', { session: sessionId, limit: 200 });
    const at = items.findIndex((item) => item.kind === 'prompt' && item.promptId === promptId && item.state === 'sent');
    return at >= 0 && items.slice(at).some(({ kind }) => kind === 'turnEnd');
  }, 60_000);
}

/** Everything below its root but the project, where an agent's files are its own work. */
function files(backend: LiveBackend): Sink[] {
  const names = readdirSync(backend.root, { recursive: true, encoding: 'utf8' }).filter((name) => !name.startsWith('project'));
  return names.flatMap((name) => {
    const path = join(backend.root, name);
    const isFile = statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
    return [{ name: `the name ${name}`, bytes: Buffer.from(name) }, ...(isFile ? [{ name, bytes: readFileSync(path) }] : [])];
  });
}

/** Command lines of all that runs for the data directory; environments of what is ours. */
function processSinks(backend: LiveBackend): Sink[] {
  return processesOf(backend.dataDir).flatMap(({ pid }) => {
    const cmdline = proc(pid, 'cmdline');
    const isOurs = cmdline.includes('/server/') && !cmdline.includes('leaks-everywhere');
    const parts = isOurs ? ['cmdline', 'environ'] : ['cmdline'];
    return parts.map((part) => ({ name: `/proc/${pid}/${part}`, bytes: proc(pid, part) }));
  });
}

function proc(pid: number, part: string): Buffer {
  try {
    return readFileSync(`/proc/${pid}/${part}`);
  } catch {
    // It has ended.
    return Buffer.alloc(0);
  }
}

async function outputs({ dataDir, root }: LiveBackend, agent: string, session: string): Promise<Sink[]> {
  const wishes = [
    ['agent', 'list', '--json'],
    ['agent', 'logs', agent],
    ['agent', 'logs', agent, '--json'],
    ['session', 'show', session],
    ['session', 'show', session, '--json'],
    ['session', 'list'],
    ['approve', '--list', '--all', '--json'],
    ['secret', 'list', '--json'],
    ['audit', 'list', '--json'],
    ['audit', 'list'],
    ['audit', 'export', join(root, 'export')],
    ['metrics', '--json'],
    ['metrics', '--csv'],
    ['notices', '--json'],
    ['notices'],
    ['search', 'canary', '--json'],
    ['search', 'secret'],
    ['outbox', 'show', agent, '--json'],
    ['outbox', 'export', agent, join(root, 'outbox.jsonl')],
    ['health', '--json'],
  ];
  const answered = await Promise.allSettled(
    wishes.map((args) => run(process.execPath, [join(distDir, 'cli/agor.ts'), ...args, '--data-dir', dataDir], { maxBuffer: 2 ** 28 })),
  );
  return answered.map((answer, index) => {
    const said = answer.status === 'fulfilled' ? `${answer.value.stdout}${answer.value.stderr}` : String(answer.reason);
    return { name: `agor ${wishes[index]?.join(' ')}`, bytes: Buffer.from(said) };
  });
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function leaksIn({ name, bytes }: Sink): string[] {
  return Object.entries(encodings).flatMap(([encoding, { written, telling = written }]) => {
    // Also as it stands in JSON, and in JSON that is text in JSON.
    const needle = telling(canary);
    const [once, twice] = [inJson(needle), inJson(inJson(needle))];
    const at = Math.max(...[needle, once, twice].map((form) => bytes.indexOf(form)));
    if (at < 0) return [];
    const before = bytes.subarray(Math.max(0, at - 400), at).toString('latin1');
    return [`${encoding} in ${name}, of ${before.match(/@[^@\s]{1,40}=[^@]{1,20}@/g)?.at(-1) ?? 'nobody knows which channel'}`];
  });
}

/** A dot: it was kept, without the secret. An X: with it. A line: of this channel nothing is kept. */
function tableOf(sinks: readonly Sink[], found: readonly string[]) {
  const whole = sinks.map(({ bytes }) => bytes.toString('latin1')).join('\n');
  const names = [...new Set(readFileSync(leaks, 'utf8').match(/(?:all|each)\('[a-z-]+'/g))].map((call) => call.split("'")[1] ?? '');
  const columns = Object.keys(encodings);
  const rows = names.map((channel) => {
    const cells = columns.map((encoding) => {
      if (found.some((leak) => leak.endsWith(mark(channel, encoding)))) return 'X';
      return whole.includes(mark(channel, encoding)) ? '·' : '–';
    });
    return { channel, cells };
  });
  const header = `${'channel'.padEnd(20)} ${columns.join(' | ')}`;
  const lines = rows.map(({ channel, cells }) => `${channel.padEnd(20)} ${cells.join('')}`);
  return { lines: [header, ...lines], channels: rows.filter(({ cells }) => cells.some((cell) => cell !== '–')).length };
}

/** The person is told, once for all of it, and the audit log says what stood where. */
async function assertTold(connection: Connection, agent: string): Promise<void> {
  const { records } = await connection.call('audit/list', { events: ['secret_withheld'], agent, limit: 50 });
  const told = JSON.stringify(records.map(({ detail }) => detail));
  for (const place of ['text', 'thinking', 'tool', 'question', 'plan', 'message', 'task', 'error', 'hook', 'log'])
    assert.match(told, new RegExp(`"place":"${place}"`));
  for (const form of ['plain', 'split', 'escaped', 'url', 'base64', 'hex', 'reversed']) assert.match(told, new RegExp(`"form":"${form}"`));
  const { notices } = await connection.call('notice/list', {});
  const notice = notices.find(({ about }) => about.kind === 'secretWithheld');
  assert.deepEqual(notice?.place, { kind: 'secret', secret: 'canary' });
  assert.match(notice?.title ?? '', /The secret canary was taken out of what teller said/);
}

test('the search of this test finds what is planted', () => {
  for (const text of [
    allShapes('here', canary),
    JSON.stringify(allShapes('here', canary)),
    JSON.stringify(JSON.stringify({ x: allShapes('here', canary) })),
  ]) {
    const planted = leaksIn({ name: 'a file', bytes: Buffer.from(text) }).map((leak) => leak.split(' in a file, of ')[0]);
    assert.deepEqual(planted, Object.keys(encodings));
  }
});
