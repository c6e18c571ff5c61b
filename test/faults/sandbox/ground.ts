/** Lays out what the probes go for: a project, files outside, a key in the kernel, and a decoy process. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createSandboxWorld, type SandboxWorld } from '../../support/sandbox-world.ts';
import { numbers, syscall } from './calls.ts';
import { secretIn } from './file-probes.ts';
import { eventsFile, type Place } from './probe.ts';

export type Ground = {
  readonly world: SandboxWorld;
  readonly place: Place;
  readonly secret: string;
  clear(): Promise<void>;
};

const sessionKeyring = -3;
const userKeyring = -4;
const setTimeoutOfKey = 15;
const keySeconds = 120;
const identity = ['-c', 'user.name=probe', '-c', 'user.email=probe@example.org'];

/** `rootProgram` is one that runs as root whoever starts it. */
export async function layGround(parent: string, rootProgram: string | null): Promise<Ground> {
  const world = createSandboxWorld(parent);
  const { root, projectDir } = world;
  const secret = `secret-${randomBytes(12).toString('hex')}`;
  const outside = join(root, 'outside');
  layFiles(projectDir, outside, secret);
  const worktreeDir = layRepository(world);
  const keyName = `agor-probe-${randomBytes(8).toString('hex')}`;
  keepKey(keyName, secret);
  const { child, decoy } = await startDecoy(outside, secret);
  return {
    world,
    place: { projectDir, worktreeDir, outside, rootProgram: existsSync(rootProgram ?? '') ? rootProgram : null, keyName, decoy },
    secret,
    clear: async () => {
      child.stdin?.end();
      await once(child, 'close');
      world.remove();
    },
  };
}

function layFiles(projectDir: string, outside: string, secret: string): void {
  for (const folder of [outside, join(outside, 'swapped'), join(projectDir, 'swap'), join(projectDir, 'mount')]) mkdirSync(folder);
  for (const name of ['moved', 'appended', 'removed', 'mode', 'times', 'attributes', 'swapped/victim'])
    writeFileSync(join(outside, name), '', { mode: 0o600 });
  writeFileSync(join(outside, 'emptied'), 'full', { mode: 0o600 });
  writeFileSync(secretIn(outside), secret, { mode: 0o600 });
  writeFileSync(eventsFile({ outside }), '');
  writeFileSync(join(projectDir, 'swap', 'victim'), '');
  symlinkSync(secretIn(outside), join(projectDir, 'old-link'));
  symlinkSync(join(outside, 'swapped'), join(projectDir, 'swap-link'));
}

function layRepository({ root, projectDir }: SandboxWorld): string {
  const git = (...args: string[]) => execFileSync('git', ['-C', projectDir, ...identity, ...args], { stdio: 'pipe' });
  const worktreeDir = join(root, 'worktree');
  git('commit', '--quiet', '--allow-empty', '--message', 'first');
  git('worktree', 'add', '--quiet', worktreeDir);
  return worktreeDir;
}

/** As a desktop does with what was typed once; it goes by itself if nobody takes it away. */
function keepKey(name: string, secret: string): void {
  for (const keyring of [sessionKeyring, userKeyring]) {
    try {
      const key = syscall(numbers.addKey, Buffer.from('user\0'), Buffer.from(`${name}\0`), Buffer.from(secret), secret.length, keyring);
      syscall(numbers.keyctl, setTimeoutOfKey, key, keySeconds);
    } catch {
      // A kernel or a container without keyrings; then nobody can read one either.
    }
  }
}

async function startDecoy(outside: string, secret: string): Promise<{ child: ChildProcess; decoy: Place['decoy'] }> {
  const program = fileURLToPath(new URL('./decoy.ts', import.meta.url));
  const environment = { ...process.env, SECRET: secret };
  const child = spawn(process.execPath, [program, outside], { env: environment, stdio: ['pipe', 'pipe', 'inherit'] });
  const [said] = await once(child.stdout, 'data');
  return { child, decoy: JSON.parse(String(said)) };
}
