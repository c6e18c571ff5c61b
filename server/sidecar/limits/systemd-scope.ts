/**
 * Control groups where only systemd makes them for us: the person's own service manager starts the program in a scope
 * with its bounds. Whether that works here is tried out, because a manager may lack the controllers.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ResourceLimits } from '../../protocol/supervision.ts';
import type { Usage } from './bound-judgement.ts';

type ScopeDeps = {
  /** The sidecar's own XDG_RUNTIME_DIR, by which the manager is found. */
  readonly runtimeDir: string | undefined;
  /** Where systemd's commands are. */
  readonly binDir?: string;
};

const run = promisify(execFile);
const answerMs = 5_000;
/** What the bounds are inside, read back from the group that the process finds itself in. */
const readBack = 'cd "/sys/fs/cgroup$(sed -n s/^0:://p /proc/self/cgroup)" && cat memory.max pids.max';

export class SystemdScopes {
  readonly #runtimeDir: string;
  readonly #binDir: string;

  constructor({ runtimeDir = '', binDir = '/usr/bin' }: ScopeDeps) {
    this.#runtimeDir = runtimeDir;
    this.#binDir = binDir;
  }

  /** Whether a scope really has the bounds that it is asked for. */
  async work(limits: ResourceLimits): Promise<boolean> {
    if (!existsSync(join(this.#runtimeDir, 'systemd/private'))) return false;
    const [command, ...args] = this.prefix(`agor-try-${process.pid}`, limits, undefined);
    try {
      const { stdout } = await run(command, [...args, '/bin/sh', '-c', readBack], { timeout: answerMs });
      return stdout.trim() === `${limits.memoryMb * 1024 * 1024}\n${limits.processes}`;
    } catch {
      // Not installed, refused, or without the controllers.
      return false;
    }
  }

  /** To be put before a command. Only systemd-run gets our XDG_RUNTIME_DIR; the program keeps its own, or none. */
  prefix(unit: string, { memoryMb, processes, cpuPercent }: ResourceLimits, ownRuntimeDir: string | undefined): [string, ...string[]] {
    const properties = [`MemoryMax=${memoryMb}M`, 'MemorySwapMax=0', `TasksMax=${processes}`, `CPUQuota=${cpuPercent}%`];
    const scope = ['--user', '--scope', '--quiet', `--unit=${unit}`, ...properties.flatMap((property) => ['-p', property])];
    const restored = ownRuntimeDir === undefined ? ['-u', 'XDG_RUNTIME_DIR'] : [`XDG_RUNTIME_DIR=${ownRuntimeDir}`];
    const env = '/usr/bin/env';
    return [env, `XDG_RUNTIME_DIR=${this.#runtimeDir}`, join(this.#binDir, 'systemd-run'), ...scope, '--', env, ...restored];
  }

  /** The scope as what keeps a program's bounds. */
  keeper(unit: string) {
    return {
      look: (): Usage => ({}),
      kill: () => this.#ask('kill', '--signal=SIGKILL', `${unit}.scope`),
      end: async (): Promise<Usage> => {
        await this.#ask('kill', '--signal=SIGKILL', `${unit}.scope`);
        const result = await this.#ask('show', '--property=Result', '--value', `${unit}.scope`);
        await this.#ask('reset-failed', `${unit}.scope`);
        return { oomKills: result.trim() === 'oom-kill' ? 1 : 0 };
      },
    };
  }

  async #ask(...args: string[]): Promise<string> {
    const environment = { ...process.env, XDG_RUNTIME_DIR: this.#runtimeDir };
    try {
      return (await run(join(this.#binDir, 'systemctl'), ['--user', ...args], { timeout: answerMs, env: environment })).stdout;
    } catch {
      // The scope went with its last process, which is what was wanted.
      return '';
    }
  }
}
