/** A repository with worktrees of agents, over real databases and the real git, and what is in a folder byte for byte. */
import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { newId } from '../../server/base/uuid.ts';
import type { AgentId, ProjectId } from '../../server/protocol/ids.ts';
import { Worktrees } from '../../server/worktrees/worktrees.ts';
import { TestStores } from './test-stores.ts';

export type WorldAgent = { readonly id: AgentId; readonly name: string; readonly projectId: ProjectId };

export class WorktreesWorld {
  readonly kept = new TestStores();
  readonly top: string;
  readonly dir: string;
  readonly projectId = newId<ProjectId>();
  readonly agents: WorldAgent[] = [];
  readonly live = new Set<AgentId>();
  isTrusted = true;
  now = 1_700_000_000_000;
  worktrees: Worktrees;

  /** `prepare: false` leaves an empty folder instead of a repository with a commit. */
  constructor({ prepare = true }: { prepare?: boolean } = {}) {
    this.top = this.kept.folder('app');
    this.dir = join(this.kept.dir, 'bundles');
    if (prepare) {
      this.git('init', '--quiet', '--initial-branch=main');
      this.write(this.top, 'readme.md', 'one\ntwo\nthree\n');
      this.git('add', '.');
      this.git('commit', '--quiet', '-m', 'first');
    }
    this.worktrees = this.open();
  }

  open(): Worktrees {
    const { stores } = this.kept;
    return new Worktrees({
      file: stores.btmsg,
      audit: stores.audit,
      now: () => ++this.now,
      dir: this.dir,
      umask: 0o022,
      findAgent: (reference) => {
        const agent = this.agents.find(({ id, name }) => id === reference || name === reference);
        if (!agent) throw new Error(`no agent ${reference}`);
        return agent;
      },
      agentName: (id) => this.agents.find((agent) => agent.id === id)?.name ?? '',
      getProject: (id) => (id === this.projectId ? { id, name: 'app', path: this.top, trusted: this.isTrusted, createdAt: 0 } : undefined),
      isLive: (id) => this.live.has(id),
      sizeOf: async () => ({ bytes: 1, isWhole: true }),
      log: () => {},
    });
  }

  agent(name: string): WorldAgent {
    const agent = { id: newId<AgentId>(), name, projectId: this.projectId };
    this.agents.push(agent);
    return agent;
  }

  /** In the project's folder. */
  git(...args: string[]): string {
    return this.gitIn(this.top, ...args);
  }

  gitIn(folder: string, ...args: string[]): string {
    return execFileSync('git', args, { cwd: folder, env: gitEnvironment, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  }

  write(folder: string, path: string, content: string | Uint8Array): void {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }

  remove(): void {
    this.kept.remove();
    rmSync(`${this.top}.worktrees`, { recursive: true, force: true, maxRetries: 10 });
  }
}

export const gitEnvironment = {
  PATH: process.env.PATH,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'Test',
  GIT_AUTHOR_EMAIL: 'test@localhost',
  GIT_COMMITTER_NAME: 'Test',
  GIT_COMMITTER_EMAIL: 'test@localhost',
};

/** Every file, link and folder below, with its bytes and mode; git's own file aside. */
export function contentOf(folder: string, below = ''): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of readdirSync(join(folder, below))) {
    const path = below === '' ? name : `${below}/${name}`;
    if (path === '.git') continue;
    const facts = lstatSync(join(folder, path));
    const mode = (facts.mode & 0o7777).toString(8);
    if (facts.isSymbolicLink()) found[path] = `link ${readlinkSync(join(folder, path))}`;
    else if (facts.isFile()) found[path] = `${mode} ${readFileSync(join(folder, path)).toString('base64')}`;
    else if (facts.isDirectory()) Object.assign(found, { [path]: mode }, contentOf(folder, path));
  }
  return found;
}
