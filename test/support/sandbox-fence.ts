/** Fences around a world of their own, and a shell inside them. */
import { spawnSync } from 'node:child_process';
import type { TestContext } from 'node:test';
import type { SandboxState } from '../../server/protocol/sandbox.ts';
import { type BuiltFence, buildFence } from '../../server/sandbox/build-fence.ts';
import { type SandboxHost, sandboxHost } from '../../server/sandbox/host.ts';
import type { SandboxProfile } from '../../server/sandbox/request.ts';
import { createSandboxWorld, type SandboxWorld } from './sandbox-world.ts';

export type Raised = BuiltFence & { readonly world: SandboxWorld };

type Options = {
  host?: Partial<SandboxHost>;
  network?: Partial<SandboxProfile>;
  environment?: Record<string, string>;
  world?: SandboxWorld;
};

/** Released, and the world removed, after the test. */
export async function raise(t: TestContext, options: Options = {}): Promise<Raised> {
  const { host, network, environment, world = makeWorld(t) } = options;
  const request = world.request();
  const built = await buildFence(
    { ...request, environment: { ...request.environment, ...environment } },
    { ...world.profile(), ...network },
    { ...sandboxHost(), ...host },
  );
  t.after(() => built.fence.release());
  return { ...built, world };
}

export function makeWorld(t: TestContext): SandboxWorld {
  const world = createSandboxWorld();
  t.after(() => world.remove());
  return world;
}

/** What a shell inside says, on either stream. */
export function shell({ fence, world }: Raised, script: string, environment = world.request().environment): string {
  const [file, ...args] = fence.wrap(['/bin/sh', '-c', script]);
  const options = { cwd: world.projectDir, env: { ...fence.environment(environment) }, encoding: 'utf8' } as const;
  const { stdout, stderr } = spawnSync(file, args, { ...options, stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
  return `${stdout}${stderr}`.trim();
}

export function summary({ files, layers }: SandboxState): string {
  return `${files}: ${layers.join('+')}`;
}
