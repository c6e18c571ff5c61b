/** Starts an agent's program bare and in its fence, in turns, and tells what the fence costs until the first answer. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { root } from '../../scripts/environment.ts';
import { buildFence } from '../../server/sandbox/build-fence.ts';
import { type SandboxHost, sandboxHost } from '../../server/sandbox/host.ts';
import type { SandboxRequest } from '../../server/sandbox/request.ts';
import { claudeProgram } from '../support/claude-program.ts';
import { createSandboxWorld, entry, hasBubblewrap } from '../support/sandbox-world.ts';
import { tellFigure } from './bench-figure.ts';
import { quantile } from './figures.ts';

type Program = {
  readonly what: string;
  readonly command: readonly [string, ...string[]];
  /** A request that the program answers once it is up. */
  readonly request: object;
  readonly answer: RegExp;
};

type Environment = Readonly<Record<string, string>>;
type Times = { readonly bare: number[]; readonly fenced: number[]; readonly raise: number[] };

const rounds = 9;
const middle = (values: readonly number[]) => quantile(values, 0.5);

export async function measureAgentStarts(): Promise<void> {
  if (!hasBubblewrap()) return console.log('no bubblewrap here: starts in the fence are not measured');
  const [claude, demo] = [await claudeCode(), demoAgent()];
  const [ofClaude, ofDemo] = [await timesOf(claude), await timesOf(demo)];
  for (const [{ what }, { bare, fenced, raise }] of [
    [claude, ofClaude],
    [demo, ofDemo],
  ] as const) {
    console.log(
      `${what}: bare ${middle(bare).toFixed(0)} ms, in its fence ${middle(fenced).toFixed(0)} ms, after ${middle(raise).toFixed(0)} ms for raising and trying out the fence`,
    );
  }
  const value = middle(ofClaude.fenced);
  const limit = { what: 'bare', value: middle(ofClaude.bare), unit: 'ms' };
  tellFigure({
    ...{ name: 'start: agent in the sandbox', ratio: value / limit.value, target: 1.15, atLeast: false, limit },
    product: { what: `${claude.what}, spawned to its first answer`, value, unit: 'ms' },
    peer: { what: 'the demo agent in its fence', value: middle(ofDemo.fenced), unit: 'ms' },
  });
}

async function claudeCode(): Promise<Program> {
  const program = await claudeProgram();
  const words = ['-p', '--input-format', 'stream-json', '--output-format', 'stream-json', '--verbose'];
  const request = { type: 'control_request', request_id: 'first', request: { subtype: 'initialize' } };
  return { what: 'Claude Code', command: [program, ...words], request, answer: /control_response/ };
}

function demoAgent(): Program {
  const request = { jsonrpc: '2.0', id: 1, method: 'initialize', params: { protocolVersion: 1, clientCapabilities: {} } };
  return { what: 'the demo agent', command: [process.execPath, join(root, 'dist', 'demo-agent.js')], request, answer: /agor-demo/ };
}

async function timesOf(program: Program): Promise<Times> {
  const world = createSandboxWorld();
  const host: SandboxHost = { ...sandboxHost(), launcher: join(root, 'dist', 'sandbox-launcher.js') };
  const profile = world.profile();
  const own = [dirname(program.command[0]), join(root, 'dist')].map((path) => entry(path, 'read'));
  const request = { ...world.request(), environment: environmentOf(world.request(), world.agentDir) };
  const times: Times = { bare: [], fenced: [], raise: [] };
  try {
    for (let round = 0; round < rounds; round += 1) {
      const begun = performance.now();
      const { fence } = await buildFence(request, { ...profile, paths: [...profile.paths, ...own] }, host);
      times.raise.push(performance.now() - begun);
      if (fence.state.files !== 'full') throw new Error(`The fence is ${fence.state.files} here: ${fence.state.gaps.join(' ')}`);
      const options = { cwd: world.projectDir, program };
      times.bare.push(await untilAnswered(program.command, request.environment, options));
      times.fenced.push(await untilAnswered(fence.wrap(program.command), fence.environment(request.environment), options));
      fence.release();
    }
  } finally {
    world.remove();
  }
  return times;
}

/** No model and no vendor is reached: nothing listens there, and the first answer needs neither. */
function environmentOf({ environment }: SandboxRequest, agentDir: string): Environment {
  const offline = { ANTHROPIC_BASE_URL: 'http://127.0.0.1:9', CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1', DISABLE_AUTOUPDATER: '1' };
  return { ...environment, ...offline, ANTHROPIC_API_KEY: 'of-nobody', CLAUDE_CONFIG_DIR: join(agentDir, 'claude') };
}

async function untilAnswered(
  [file, ...args]: readonly [string, ...string[]],
  env: Environment,
  { cwd, program }: { readonly cwd: string; readonly program: Program },
): Promise<number> {
  const begun = performance.now();
  // The fourth is where bubblewrap tells the process that it started.
  const child = spawn(file, args, { cwd, env, stdio: ['pipe', 'pipe', 'inherit', 'pipe'], detached: true });
  const closed = once(child, 'close');
  // One that ends at once is told by its output.
  child.stdin?.on('error', () => {});
  child.stdin?.write(`${JSON.stringify(program.request)}\n`);
  let output = '';
  for await (const chunk of child.stdout ?? []) {
    output += chunk;
    if (program.answer.test(output)) break;
  }
  const tookMs = performance.now() - begun;
  endGroup(child);
  await closed;
  if (!program.answer.test(output)) throw new Error(`${program.what} ended without an answer. It said: ${output}`);
  return tookMs;
}

function endGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself, and the output tells.
  }
}
