/**
 * `node test/faults/upgrade-from.ts <commit> [agents]`: builds an earlier state of the product from its history, lets it
 * run agents, and has the build in `dist` take over while they are in the middle of their turns. Says what was kept.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readBuildInfo } from '../../server/base/build-info.ts';
import { isSameProcess } from '../../server/base/process-identity.ts';
import { readRunRecord } from '../../server/base/run-record-file.ts';
import { foundSchema } from '../../server/store/checked-copy.ts';
import { until } from '../support/live-backend.ts';
import { itemsOf, textOf, troubleIn, UpgradeWorld } from '../support/upgrade-world.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const turnMs = 120_000;

const [commit = 'HEAD~1', count = '3'] = process.argv.slice(2);
const world = new UpgradeWorld();
try {
  await upgradeFrom(commit, Number(count));
} finally {
  await world.close().catch((error: unknown) => console.error(error));
}

async function upgradeFrom(from: string, agents: number): Promise<void> {
  const old = buildOf(from);
  const ask = commandOf(old);
  ask('project', 'add', world.project);
  const names = Array.from({ length: agents }, (_, index) => `agent-${index + 1}`);
  ask('config', 'set', 'turns.max', String(agents));
  for (const name of names) ask('agent', 'add', name, '--provider', 'demo', '--env', 'AGOR_DEMO_SPEED');
  // As its own command line answers.
  const sessions = names.map((name) => (ask('agent', 'prompt', name, 'long') as { sessionId: string }).sessionId);
  const before = { owner: world.owner(), schemas: schemas() };
  await until(() => sessions.every((session) => lengthOf(ask, session) > 200), turnMs);
  const sidecars = sidecarsOf();

  const startedAt = performance.now();
  const next = await world.connect(join(root, 'dist'));
  const tookMs = performance.now() - startedAt;
  const shownAgents = (await next.call('agent/list', {})).agents;
  const problems: string[] = isSameProcess(before.owner) ? ['the older backend still runs'] : [];
  for (const { name, sessionId } of shownAgents) {
    if (sessionId === null) throw new Error(`${name} has no session`);
    await until(async () => (await itemsOf(next, sessionId)).some(({ kind }) => kind === 'turnEnd'), turnMs);
    problems.push(...troubleIn(await itemsOf(next, sessionId)).map((trouble) => `${name}: ${trouble}`));
  }
  const kept = sidecarsOf().filter((pid) => sidecars.includes(pid)).length;
  if (kept !== agents) problems.push(`${agents - kept} sidecars are other ones`);
  await until(() => world.upgrade?.state === 'done', turnMs);
  const verdict = await next.call('audit/verify', {});
  problems.push(...verdict.breaks.map(({ seq, detail }) => `audit row ${seq}: ${detail}`));
  const from_ = `${readBuildInfo(old).version}, schemas ${before.schemas}`;
  console.log(`from ${from} (${from_}) to ${readBuildInfo(join(root, 'dist')).gitSha}, schemas ${schemas()}`);
  console.log(
    `${agents} agents in mid-turn; attached to the new build after ${Math.round(tookMs)} ms; ${verdict.rows} audit rows verified`,
  );
  console.log(problems.length === 0 ? '0 interrupted, 0 lost, 0 doubled, in order' : problems.join('\n'));
  if (problems.length > 0) process.exitCode = 1;
}

function buildOf(from: string): string {
  const folder = join(world.root, 'history');
  mkdirSync(folder);
  const archive = execFileSync('git', ['archive', from], { cwd: root, maxBuffer: 256 * 1024 * 1024 });
  execFileSync('tar', ['-x', '-C', folder], { input: archive });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  execFileSync(process.execPath, ['esbuild.mjs'], { cwd: folder, stdio: 'inherit' });
  const dist = join(folder, 'dist');
  // It was built just now, and is the older one all the same.
  const { buildTime } = readBuildInfo(join(root, 'dist'));
  writeFileSync(join(dist, 'build-info.json'), JSON.stringify({ ...readBuildInfo(dist), gitSha: from, buildTime: buildTime - 1_000 }));
  rmSync(join(dist, 'programs.json'), { force: true });
  return dist;
}

type Ask = (...args: string[]) => unknown;

/** The older build's own command line: only it is sure to understand its backend. */
function commandOf(dist: string): Ask {
  const env = { ...process.env, AGOR_DATA_DIR: world.paths.dataDir, AGOR_CONFIG_DIR: join(world.root, 'config'), AGOR_DEMO_SPEED: '8' };
  return (...args) => {
    const said = execFileSync(process.execPath, [join(dist, 'cli/agor.js'), ...args, '--json'], {
      cwd: world.project,
      env,
      encoding: 'utf8',
    });
    return JSON.parse(said || 'null');
  };
}

function lengthOf(ask: Ask, session: string): number {
  // As its own command line tells it.
  return textOf((ask('session', 'show', session) as { items: Parameters<typeof textOf>[0] }).items).length;
}

function sidecarsOf(): number[] {
  const files = execFileSync('ls', [world.paths.runRecords], { encoding: 'utf8' }).trim().split('\n');
  return files.flatMap((file) => readRunRecord(join(world.paths.runRecords, file)).sidecar?.pid ?? []);
}

function schemas(): string {
  return [world.paths.sessionsDb, world.paths.btmsgDb].map(foundSchema).join(' and ');
}
