/** A data directory that builds take over from each other, seen as windows and commands see it. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type DataPaths, dataPaths } from '../../server/base/data-paths.ts';
import { isSameProcess } from '../../server/base/process-identity.ts';
import { lookAtUpgrade, readDeployed, refusedBuilds } from '../../server/base/upgrade-files.ts';
import { type Connection, openConnection } from '../../server/cli/connection.ts';
import type { ClientHello } from '../../server/protocol/handshake.ts';
import { buildId } from '../../server/protocol/health.ts';
import { OwnerRecord } from '../../server/protocol/owner-record.ts';
import type { Item } from '../../server/protocol/session.ts';
import { until } from './live-backend.ts';
import { makeBuild, type OtherBuild } from './other-build.ts';

const sample = fileURLToPath(new URL('../fixtures/sample-project', import.meta.url));

export class UpgradeWorld {
  readonly root = mkdtempSync(join(tmpdir(), 'agor-upgrade-'));
  readonly paths: DataPaths = dataPaths(join(this.root, 'data'));
  readonly project = join(this.root, 'project');
  readonly refusals: string[] = [];
  readonly #connections: Connection[] = [];
  readonly #builds = new Map<string, string>();

  constructor() {
    cpSync(sample, this.project, { recursive: true });
    mkdirSync(join(this.root, 'builds'));
  }

  async build(wish: OtherBuild): Promise<string> {
    const made = this.#builds.get(wish.name) ?? (await makeBuild(join(this.root, 'builds'), wish));
    this.#builds.set(wish.name, made);
    return made;
  }

  /** As a command of that build. */
  async connect(distDir: string, role: ClientHello['role'] = 'cli'): Promise<Connection> {
    const env = { ...process.env, AGOR_CONFIG_DIR: join(this.root, 'config') };
    const onRefused = (sentence: string) => void this.refusals.push(sentence);
    const connection = await openConnection({ dataDir: this.paths.dataDir, role, distDir, env, onRefused });
    this.#connections.push(connection);
    return connection;
  }

  owner(): OwnerRecord {
    return OwnerRecord.parse(JSON.parse(readFileSync(this.paths.ownerRecord, 'utf8')));
  }

  /** The name of the build that is on record as the one that serves. */
  get deployed(): string | undefined {
    return readDeployed(this.paths)?.sha;
  }

  get upgrade() {
    return lookAtUpgrade(this.paths);
  }

  get refused(): readonly string[] {
    return refusedBuilds(this.paths).map(({ reason }) => reason);
  }

  /** Demo agents in one project, each in the middle of a long turn. */
  async busyAgents(connection: Connection, count: number, speed = '3'): Promise<BusyAgent[]> {
    await connection.call('project/add', { path: this.project, trusted: true });
    await connection.call('settings/put', { values: { 'turns.max': count } });
    const agents: BusyAgent[] = [];
    for (let n = 1; n <= count; n += 1) {
      const name = `agent-${n}`;
      const environment = { AGOR_DEMO_SPEED: speed };
      const agent = await connection.call('agent/add', { project: 'project', name, provider: 'demo', environment });
      const { sessionId, promptId } = await connection.call('agent/prompt', { agent: agent.id, text: 'long' });
      agents.push({ id: agent.id, sessionId, promptId });
    }
    await until(async () => {
      const shown = await Promise.all(agents.map(({ sessionId }) => itemsOf(connection, sessionId)));
      return shown.every((items) => textOf(items).length > 200);
    });
    return agents;
  }

  async close(): Promise<void> {
    for (const connection of this.#connections) connection.close();
    await this.#endAll();
    // A process that has just ended may still have its last file written.
    rmSync(this.root, { recursive: true, force: true, maxRetries: 10 });
  }

  /** By the build that serves, with its agents; what is on trial is done with first. */
  async #endAll(): Promise<void> {
    const programs = [this.owner().build, readDeployed(this.paths)?.build].map(
      (build) => build && join(this.paths.runtime, buildId(build)),
    );
    const distDir = programs.find((folder) => folder && existsSync(folder));
    if (!distDir) return;
    const connection = await this.connect(distDir);
    for (const { id } of (await connection.call('project/list', {})).projects) await connection.call('project/remove', { project: id });
    await connection.call('backend/stop', {}).catch(() => undefined);
    await until(() => !isSameProcess(this.owner()));
    connection.close();
  }
}

export type BusyAgent = { readonly id: string; readonly sessionId: string; readonly promptId: string };

export async function itemsOf(connection: Connection, session: string): Promise<readonly Item[]> {
  return (await connection.call('session/items', { session })).items;
}

export function textOf(items: readonly Item[]): string {
  return items.flatMap((item) => (item.kind === 'text' ? item.text : [])).join('\n');
}

/** What the turn of an agent that nobody disturbed looks like, whoever served meanwhile; each a sentence. */
export function troubleIn(items: readonly Item[]): string[] {
  const ends = items.filter((item) => item.kind === 'turnEnd');
  const headings: readonly string[] = textOf(items).match(/^#+ .*$/gm) ?? [];
  const doubled = headings.filter((heading, index) => headings.indexOf(heading) !== index);
  const ids = items.map(({ id }) => id);
  const ordinals = items.map(({ ordinal }) => ordinal);
  return [
    ...(ends.length === 1 ? [] : [`${ends.length} ends of the turn`]),
    ...ends.flatMap((end) => (end.kind === 'turnEnd' && end.reason !== 'completed' ? [`the turn ended as ${end.reason}`] : [])),
    ...doubled.map((heading) => `"${heading}" is there twice`),
    ...(new Set(ids).size === ids.length ? [] : ['an item is there twice']),
    ...(ordinals.every((ordinal, index) => index === 0 || ordinal > (ordinals[index - 1] ?? 0)) ? [] : ['items out of order']),
  ];
}
