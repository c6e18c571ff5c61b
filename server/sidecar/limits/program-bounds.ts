/**
 * Bounds an agent's programs by the best that this machine gives: control groups of our own, a scope of systemd, or the
 * shell's limits and a look at the processes once a second.
 */
import { readFileSync } from 'node:fs';
import type { Clock } from '../../base/clock.ts';
import type { ResourceFence, ResourceLimits } from '../../protocol/supervision.ts';
import type { ProgramExit } from '../program.ts';
import { type Bound, boundText } from './bound-judgement.ts';
import { BoundWatch, type Keeper } from './bound-watch.ts';
import { endStaleCgroups, makeCgroup } from './cgroup.ts';
import type { CgroupPlace, Controller } from './cgroup-place.ts';
import { withPrelude } from './prelude.ts';
import { isWatchNeeded, resourceFence } from './resource-fence.ts';
import type { SystemdScopes } from './systemd-scope.ts';
import { countUserThreads } from './user-threads.ts';
import { WatchedTree } from './watched-tree.ts';

type Command = readonly [string, ...string[]];

export type BoundsDeps = {
  readonly clock: Clock;
  readonly limits: ResourceLimits;
  /** Begins the names of this agent's groups, and of no other's. */
  readonly prefix: string;
  /** Goes on in the names of this run's groups, and of no other run's. */
  readonly runName: string;
  readonly findPlace: () => CgroupPlace | null;
  readonly scopes: SystemdScopes;
  /** The program goes on, but a bound cost it something; a sentence for the person. */
  readonly onTold: (text: string) => void;
  readonly log: (message: string, fields?: Record<string, unknown>) => void;
};

/** Of one program: raised before it starts, ended after it. */
export type RaisedBounds = {
  readonly fence: ResourceFence;
  readonly command: (command: Command) => Command;
  readonly watch: (pid: number) => void;
  /** Resolves when nothing is left of the program; the exit then says which bound ended it, if one did. */
  readonly end: (exit: ProgramExit) => Promise<ProgramExit>;
};

type Group = {
  readonly version: 1 | 2;
  readonly controllers: readonly Controller[];
  readonly joinFiles: readonly string[];
  readonly scope: readonly string[];
  readonly keeper: Keeper;
};

const allControllers: readonly Controller[] = ['memory', 'pids', 'cpu'];
const leastOomScore = 500;

export class ProgramBounds {
  readonly #deps: BoundsDeps;
  /** Found at the first start; null when this machine gives none. */
  #place: CgroupPlace | null | undefined;
  #hasScopes: boolean | undefined;
  #swept: Promise<void> = Promise.resolve();
  #raised = 0;

  constructor(deps: BoundsDeps) {
    this.#deps = deps;
  }

  /** What an earlier run of the agent left in its groups ends; no program is bounded before that is over. */
  sweep(): Promise<void> {
    const place = this.#findPlace();
    if (place) this.#swept = endStaleCgroups(place, this.#deps.prefix, this.#deps.clock.now());
    return this.#swept;
  }

  async raise(program: { readonly isFenced: boolean; readonly runtimeDir: string | undefined }): Promise<RaisedBounds> {
    const { limits } = this.#deps;
    await this.#swept;
    this.#raised += 1;
    const group = await this.#group(`${this.#deps.prefix}${this.#deps.runName}-${this.#raised}`, program.runtimeDir);
    const controllers = group?.controllers ?? [];
    const userProcesses = controllers.includes('pids') ? null : userBound(limits.processes);
    const { platform } = process;
    const boundsUserProcesses = userProcesses !== null;
    const fence = resourceFence({ platform, cgroup: group, boundsUserProcesses, isFenced: program.isFenced });
    const rest = { openFiles: limits.openFiles, userProcesses, oomScore: oomScore() };
    const prelude = { joinFiles: group?.joinFiles ?? [], scope: group?.scope ?? [], ...rest };
    const command = (own: Command) => (platform === 'win32' ? own : withPrelude(prelude, own));
    return { fence, command, ...this.#watching(group) };
  }

  #watching(group: Group | null): Pick<RaisedBounds, 'watch' | 'end'> {
    const { clock, limits, onTold, log } = this.#deps;
    const keepers: Keeper[] = group ? [group.keeper] : [];
    const watch = new BoundWatch({ clock, keepers, limits, onTold: (bound) => onTold(toldText(bound, limits)), log });
    return {
      watch: (pid) => {
        const isNeeded = process.platform !== 'win32' && isWatchNeeded(group?.controllers ?? []);
        if (isNeeded) keepers.push(new WatchedTree(pid));
        watch.start();
      },
      end: async (exit) => {
        const bound = await watch.end(exit);
        return bound === null ? exit : { ...exit, overBound: boundText(bound, limits) };
      },
    };
  }

  async #group(name: string, ownRuntimeDir: string | undefined): Promise<Group | null> {
    const own = this.#ownGroup(name);
    if (own) return own;
    const { scopes, limits } = this.#deps;
    this.#hasScopes ??= await scopes.work(limits);
    if (!this.#hasScopes) return null;
    const unit = `${name}-${process.pid}`;
    const scope = scopes.prefix(unit, limits, ownRuntimeDir);
    return { version: 2, controllers: allControllers, joinFiles: [], scope, keeper: scopes.keeper(unit) };
  }

  #ownGroup(name: string): Group | null {
    const place = this.#findPlace();
    if (!place) return null;
    try {
      const group = makeCgroup(place, name, this.#deps.limits);
      const controllers = allControllers.filter((controller) => group.bounds(controller));
      return { version: group.version, controllers, joinFiles: group.joinFiles, scope: [], keeper: group };
    } catch (error) {
      this.#deps.log('no control group could be made; the program is bounded in other ways', { why: String(error) });
      this.#place = null;
      return null;
    }
  }

  #findPlace(): CgroupPlace | null {
    if (this.#place === undefined) this.#place = this.#deps.findPlace();
    return this.#place;
  }
}

/**
 * Of the whole user, so that nothing multiplies faster than it is counted; with room above the bound, where the count
 * sees who has reached it. Root is not held to it, so there it would promise too much.
 */
function userBound(processes: number): number | null {
  const threads = process.getuid?.() === 0 ? null : countUserThreads();
  return threads === null ? null : threads + 2 * processes;
}

/** Higher than our own and the backend's, from whom we have ours: when memory is short, the agent goes first. */
function oomScore(): number | null {
  if (process.platform !== 'linux') return null;
  const own = Number(readFileSync('/proc/self/oom_score_adj', 'utf8'));
  return Math.min(1000, Math.max(leastOomScore, own + 100));
}

function toldText(bound: Bound, limits: ResourceLimits): string {
  return bound === 'memory'
    ? `The system ended a process of the agent at ${boundText(bound, limits)}.`
    : `The agent is at ${boundText(bound, limits)}; what it tries to start now fails.`;
}
