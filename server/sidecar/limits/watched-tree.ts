/** A program's processes as a usage to look at, and an end for all of them. */
import { delay } from '../../base/delay.ts';
import type { Usage } from './bound-judgement.ts';
import { type ListedProcess, listProcesses, ownMemoryBytes, type Tree, treeOf } from './process-tree.ts';

const killRounds = 50;
const killRoundMs = 20;

export class WatchedTree {
  readonly #rootPid: number;
  #tree: Tree | null = null;

  constructor(rootPid: number) {
    this.#rootPid = rootPid;
  }

  async look(): Promise<Usage> {
    const members = await this.#members();
    const memoryBytes = members.reduce((bytes, member) => bytes + ownMemoryBytes(member), 0);
    const processes = members.reduce((sum, { threads }) => sum + threads, 0);
    return { memoryBytes, processes };
  }

  /** Again and again, because a process may start another before its own end reaches it. */
  async kill(): Promise<void> {
    for (let round = 0; round < killRounds; round++) {
      const members = await this.#members();
      if (members.length === 0) return;
      for (const { pid } of members) killOne(pid);
      await delay(killRoundMs);
    }
  }

  async end(): Promise<Usage> {
    await this.kill();
    return {};
  }

  async #members(): Promise<ListedProcess[]> {
    const listed = await listProcesses();
    const tree = treeOf(listed, this.#rootPid, this.#tree);
    this.#tree = tree;
    return listed.filter(({ pid }) => tree.has(pid));
  }
}

function killOne(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended meanwhile.
  }
}
