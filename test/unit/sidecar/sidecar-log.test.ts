import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { newId } from '../../../server/base/uuid.ts';
import type { ProjectId, RunId, SessionId } from '../../../server/protocol/ids.ts';
import { LogRecord } from '../../../server/protocol/log-record.ts';
import type { RunRecord } from '../../../server/protocol/run-record.ts';
import { SidecarLog } from '../../../server/sidecar/sidecar-log.ts';
import { newRunRecord } from '../../support/worker-world.ts';

const build = { version: '1.0', gitSha: 'abc', buildTime: 1, nodeVersion: 'v24' };

let root: string;
let run: RunRecord;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'agor-sidecar-log-'));
  const agentName = 'demo';
  run = newRunRecord({ dataDir: root, privateDir: join(root, 'private'), agentName, projectId: newId<ProjectId>(), createdAt: Date.now() });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function lines(): string[] {
  return readFileSync(join(root, 'private', 'sidecar.log'), 'utf8')
    .split('\n')
    .slice(0, -1);
}

function records(): LogRecord[] {
  return lines().map((line) => LogRecord.parse(JSON.parse(line)));
}

function mirror(): string {
  const [name = ''] = readdirSync(join(root, 'logs'));
  assert.match(name, /^session-mirror-demo-[0-9a-f]{8}\.log$/);
  return readFileSync(join(root, 'logs', name), 'utf8');
}

function nextRun(): SidecarLog {
  run = { ...run, runId: newId<RunId>() };
  return new SidecarLog(run, build);
}

test('a record has the same fields everywhere, and is on disk when it was made', () => {
  const log = new SidecarLog(run, build);
  log.sessionId = newId<SessionId>();
  log.of('bus').warn({ err: new Error('gone') }, 'lost');
  const [line = ''] = lines();
  assert.match(line, /^\{"level":40,"time":"\d{4}-\d\d-\d\dT/);
  const { time, err, ...rest } = JSON.parse(line);
  assert.equal(err.message, 'gone');
  assert.deepEqual(rest, {
    level: 40,
    pid: process.pid,
    process: 'sidecar',
    agentId: run.agentId,
    runId: run.runId,
    projectId: run.projectId,
    gitSha: 'abc',
    build: '1.0-abc-1',
    component: 'bus',
    sessionId: log.sessionId,
    msg: 'lost',
  });
  assert.equal(mirror(), `[${time}] WARN  [bus] lost: gone\n`);
  assert.equal(statSync(join(root, 'private', 'sidecar.log')).mode & 0o777, 0o600);
});

test('how a run began and ended is told at every level', () => {
  const log = new SidecarLog({ ...run, logLevel: 'fatal' }, build);
  log.begin();
  log.of('runner').error('not written');
  log.end(3);
  const [began, ended, ...more] = records();
  assert.deepEqual(more, []);
  assert.equal(began?.runBegan?.agent, 'demo');
  assert.deepEqual([ended?.runEnded?.runId, ended?.runEnded?.exitCode], [run.runId, 3]);
  assert.ok((ended?.runEnded?.durationMs ?? -1) >= 0);
});

test('a run that ended without a word is told of by the next one, once, and one that ended with one is not', () => {
  const lost = new SidecarLog(run, build);
  lost.begin();
  lost.of('runner').info('last words');
  const lostId = run.runId;
  const second = nextRun();
  second.begin();
  second.end(0);
  nextRun().begin();
  const told = records().filter(({ runEnded }) => runEnded?.exitCode === null);
  assert.deepEqual(
    told.map(({ runEnded }) => runEnded),
    [{ runId: lostId, exitCode: null, durationMs: null }],
  );
  assert.match(told[0]?.msg ?? '', /^the run before this one ended without a word; its last record is of \d{4}-/);
});

test('what a crash said past the log comes into it, and is not told twice', () => {
  new SidecarLog(run, build).begin();
  appendFileSync(join(root, 'private', 'sidecar.log'), '{"level":30,"cut');
  writeFileSync(join(root, 'private', 'sidecar.err'), 'FATAL ERROR: heap out of memory\n 1: 0xdead\n');
  nextRun().begin();
  const found = lines().flatMap((line) => (line.startsWith('{"level":50') ? LogRecord.parse(JSON.parse(line)) : []));
  assert.deepEqual(found.map(({ component, msg }) => [component, msg?.split('\n')[0]]).at(-1), [
    'stderr',
    'FATAL ERROR: heap out of memory',
  ]);
  assert.equal(statSync(join(root, 'private', 'sidecar.err')).size, 0);
});

test('a secret that became known is in no record from then on', () => {
  const log = new SidecarLog(run, build);
  log.useFilter((text) => text.replaceAll('canary', '••••••'));
  log.of('bus').info({ said: { deep: ['canary'] } }, 'canary "quoted"');
  assert.doesNotMatch(lines().join() + mirror(), /canary/);
  assert.equal(records()[0]?.msg, '•••••• "quoted"');
});

test('a record without end keeps its beginning and its place', () => {
  const log = new SidecarLog(run, build);
  log.of('program').error({ much: 'y'.repeat(1_000_000) }, 'x'.repeat(1_000_000));
  const [record] = records();
  assert.deepEqual([record?.level, record?.component, record?.runId], [50, 'program', run.runId]);
  assert.ok((lines()[0]?.length ?? 0) < 70_000);
  assert.match(record?.msg ?? '', /^x{65536} … \d+ more characters were left out\.$/);
});

test('a disk that takes nothing fails nobody who logs', () => {
  const log = new SidecarLog(run, build);
  rmSync(root, { recursive: true });
  writeFileSync(root, 'a file in the place of the data directory');
  log.begin();
  log.of('bus').info('lost');
  log.end(0);
});

test('5,000 hostile texts are 5,000 records, each with its text unharmed, and 5,000 plain lines', () => {
  const log = new SidecarLog({ ...run, logLevel: 'trace' }, build);
  const texts = Array.from({ length: 5_000 }, (_, index) => hostileText(index));
  for (const text of texts) log.of(`hook:${text.slice(0, 3)}`).fatal({ detail: text, nested: { [text]: [text] } }, text);
  const raw = lines();
  assert.equal(raw.length, texts.length);
  const harmed = raw.findIndex((line, index) => JSON.parse(line).msg !== texts[index]);
  assert.equal(harmed, -1, JSON.stringify(texts[harmed]));
  assert.doesNotMatch(raw.join(''), /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  const plain = mirror().split('\n').slice(0, -1);
  assert.equal(plain.length, texts.length);
  for (const line of plain) assert.match(line, /^\[\d{4}-\d\d-\d\dT[\d:.]+Z\] FATAL \[hook:/);
  assert.doesNotMatch(plain.join(''), /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
});

/** Pieces that have broken logs, put together by a generator whose numbers are always the same. */
function hostileText(seed: number): string {
  const pieces = [
    ...['\n', '\r\n', '\r', '\u2028', '\u0085', '\u0000', '\t', '"', '\\', '\\n', '"}', '{"', '\u001b[2J', '\u001b]52;c;eA==\u0007'],
    ...['{"level":60,"time":"2026-01-01T00:00:00.000Z","msg":"forged"}', '[2026-01-01T00:00:00.000Z] FATAL [runner] forged'],
    ...['\u202e', '\u2066', '\u200b', '\ufeff', '\u{e0041}', '\ud800', '\udc00', '😀', 'plain words ', '%s %j', '__proto__', '\u009b31m'],
  ];
  let state = seed * 2_654_435_761 + 1;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state;
  };
  return Array.from({ length: 1 + (next() % 12) }, () => pieces[(next() >>> 8) % pieces.length]).join('');
}
