/** A real backend, run from the sources over a data directory of its own, with a client on its socket. */
import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isSameProcess } from '../../server/base/process-identity.ts';
import { readRunRecord } from '../../server/base/run-record-file.ts';
import { type Connection, openConnection } from '../../server/cli/connection.ts';
import type { Agent } from '../../server/protocol/agent.ts';
import type { AgentId } from '../../server/protocol/ids.ts';
import { OwnerRecord } from '../../server/protocol/owner-record.ts';
import type { RunRecord } from '../../server/protocol/run-record.ts';
import type { Item, SessionChange } from '../../server/protocol/session.ts';

const serverDir = fileURLToPath(new URL('../../server', import.meta.url));
const sample = fileURLToPath(new URL('../fixtures/sample-project', import.meta.url));

export type LiveOptions = {
  /** What the folder of it all lies in; the temporary folder unless told. */
  readonly parent?: string;
  /** The built programs instead of the sources. */
  readonly distDir?: string;
  /** Of the backend and its sidecars, instead of the test's own. */
  readonly environment?: (root: string) => NodeJS.ProcessEnv;
};

export class LiveBackend {
  readonly root: string;
  readonly dataDir: string;
  readonly project: string;
  readonly #options: LiveOptions;
  readonly #connections: Connection[] = [];

  private constructor(root: string, options: LiveOptions) {
    this.root = root;
    this.#options = options;
    this.dataDir = join(root, 'data');
    this.project = join(root, 'project');
  }

  static async create(options: LiveOptions = {}): Promise<LiveBackend> {
    const backend = new LiveBackend(await mkdtemp(join(options.parent ?? tmpdir(), 'agor-live-')), options);
    await cp(sample, backend.project, { recursive: true });
    return backend;
  }

  /** Attaches; starts the backend when none runs. As a command of that build. */
  async connect(distDir = this.#options.distDir ?? serverDir): Promise<Connection> {
    const { environment } = this.#options;
    const env = environment && { env: environment(this.root) };
    const connection = await openConnection({ dataDir: this.dataDir, role: 'cli', distDir, ...env });
    this.#connections.push(connection);
    return connection;
  }

  /** One has come up, however it was started. */
  hasOwner(): boolean {
    return existsSync(join(this.dataDir, 'run', 'owner.json'));
  }

  owner(): OwnerRecord {
    return OwnerRecord.parse(JSON.parse(readFileSync(join(this.dataDir, 'run', 'owner.json'), 'utf8')));
  }

  /** The run record of the agent's sidecar; undefined when it has none. */
  run(agentId: AgentId): RunRecord | undefined {
    const path = join(this.dataDir, 'run', 'agents', `${agentId}.json`);
    return existsSync(path) ? readRunRecord(path) : undefined;
  }

  /** A trusted project with a demo agent in it. */
  async demoAgent(connection: Connection, speed = '0'): Promise<Agent> {
    await connection.call('project/add', { path: this.project, trusted: true });
    return connection.call('agent/add', { project: 'project', name: 'demo', provider: 'demo', environment: { AGOR_DEMO_SPEED: speed } });
  }

  /** Ends everything that was started, by force, and forgets the folder. */
  async close(): Promise<void> {
    if (existsSync(this.dataDir)) {
      const connection = await this.connect().catch(() => undefined);
      for (const { id } of (await connection?.call('project/list', {}))?.projects ?? [])
        await connection?.call('project/remove', { project: id });
      const owner = this.owner();
      await connection?.call('backend/stop', {}).catch(() => undefined);
      await until(() => !isSameProcess(owner));
    }
    for (const connection of this.#connections) connection.close();
    await rm(this.root, { recursive: true, force: true });
  }
}

/** Resolves when the claim holds; it is looked at often, because other processes tell of no event. */
export async function until(claim: () => boolean | Promise<boolean>, timeoutMs = 20_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await claim())) {
    if (Date.now() > deadline) throw new Error(`still not so after ${timeoutMs} ms: ${claim}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Follows one session the way a panel does: a snapshot, then changes in order. */
export class Followed {
  readonly items = new Map<string, Item>();
  readonly gaps: number[] = [];
  #seq = 0;
  #waiting: { readonly claim: (items: readonly Item[]) => boolean; readonly resolve: () => void }[] = [];

  static async session(connection: Connection, sessionId: string): Promise<Followed> {
    const followed = new Followed();
    connection.on('session/changed', (change) => {
      if (change.sessionId !== sessionId) return;
      if (change.seq !== followed.#seq + 1) followed.gaps.push(change.seq);
      followed.#seq = change.seq;
      followed.#apply(change.changes);
    });
    const snapshot = await connection.call('session/watch', { session: sessionId });
    followed.#seq = snapshot.seq;
    for (const item of snapshot.items) followed.items.set(item.id, item);
    return followed;
  }

  ordered(): Item[] {
    return [...this.items.values()].sort((a, b) => a.ordinal - b.ordinal);
  }

  text(): string {
    return this.ordered()
      .flatMap((item) => (item.kind === 'text' ? item.text : []))
      .join('\n');
  }

  async until(claim: (items: readonly Item[]) => boolean): Promise<void> {
    if (claim(this.ordered())) return;
    await new Promise<void>((resolve) => this.#waiting.push({ claim, resolve }));
  }

  /** What is only told, as why a program ended, may come behind the end. */
  untilTurnEnds(): Promise<void> {
    return this.until((items) => items.findLast(({ kind }) => kind !== 'notice')?.kind === 'turnEnd');
  }

  #apply(changes: readonly SessionChange[]): void {
    for (const change of changes) {
      if (change.op === 'put') this.items.set(change.item.id, change.item);
      if (change.op === 'append') this.#append(change.itemId, change.offset, change.text);
    }
    for (const waiting of this.#waiting.filter(({ claim }) => claim(this.ordered()))) waiting.resolve();
  }

  #append(id: string, offset: number, text: string): void {
    const item = this.items.get(id);
    if (item?.kind !== 'text' && item?.kind !== 'thinking') return;
    this.items.set(id, { ...item, text: item.text + text.slice(item.text.length - offset) });
  }
}
