import assert from 'node:assert/strict';
import os from 'node:os';
import { describe, it } from 'node:test';
import { AgorError } from '../../../server/protocol/errors.ts';
import type { Fence } from '../../../server/sandbox/fence.ts';
import type { SandboxRequest } from '../../../server/sandbox/request.ts';
import { noHooks } from '../../../server/sidecar/adapter.ts';
import { createAcpAdapter } from '../../../server/sidecar/adapters/acp/acp-adapter.ts';
import { type Fenced, FencedPrograms } from '../../../server/sidecar/fenced-programs.ts';
import type { ProgramBounds } from '../../../server/sidecar/limits/program-bounds.ts';
import type { Program, ProgramExit, ProgramOptions } from '../../../server/sidecar/program.ts';
import { SpokenProgram } from '../../support/spoken-program.ts';

const openState: Fence['state'] = {
  files: 'full',
  network: 'open',
  mode: 'required',
  layers: [],
  landlockAbi: null,
  gaps: [],
  remedy: null,
};

/** Fence and bounds that put their names before the command, and note what becomes of them. */
function setUp({ states = [openState], startFailure }: { states?: Fence['state'][]; startFailure?: Error } = {}) {
  const noted: string[] = [];
  const fenced: Fenced[] = [];
  const requests: string[][] = [];
  const options: ProgramOptions[] = [];
  const lost: string[] = [];
  let raised = 0;
  const raiseFence = async (): Promise<Fence> => {
    const state = states[Math.min(raised++, states.length - 1)] ?? openState;
    return {
      state,
      profile: { paths: [], tcpConnect: 'any', tcpBind: 'any', hasNetwork: true, temporaryDir: '' },
      wrap: (command) => ['fence', ...command],
      environment: (environment) => ({ ...environment, HELD: 'yes' }),
      infoFd: 3,
      lost: () => lost,
      release: () => noted.push('fence released'),
    };
  };
  const bounds = {
    raise: async ({ isFenced }: { isFenced: boolean }) => ({
      fence: { by: [], gaps: [`fenced: ${isFenced}`] },
      command: (command: readonly string[]) => ['bounds', ...command],
      watch: (pid: number) => noted.push(`watches ${pid}`),
      end: async (exit: ProgramExit) => {
        noted.push('bounds ended');
        return { ...exit, overBound: 'its memory bound of 1 MB' };
      },
    }),
  };
  const programs = new FencedPrograms({
    start: async (started) => {
      options.push(started);
      if (startFailure) throw startFailure;
      return Object.assign(new SpokenProgram(started, () => {}), { insidePid: () => 7 });
    },
    requestFor: (command, environment) => {
      requests.push([...command, Object.keys(environment).join()]);
      return {} as SandboxRequest; // Nobody here looks into it.
    },
    raiseFence,
    bounds: bounds as unknown as ProgramBounds, // The part of it that is used.
    maxHeapMb: 64,
    onFenced: (now) => fenced.push(now),
  });
  return { programs, noted, fenced, requests, options, lost };
}

const start = (programs: FencedPrograms): Promise<Program> =>
  programs.start({ command: ['sh', '-c', ':'], cwd: os.tmpdir(), environment: { PATH: '/bin' }, onLine: () => {}, onOversize: () => {} });

describe('a fenced program', () => {
  it('is inside its fence, which is inside its bounds, and both go with it', async () => {
    const { programs, noted, options, requests } = setUp();
    const program = await start(programs);
    assert.deepEqual(requests, [['/bin/sh', '-c', ':', 'PATH']]);
    assert.deepEqual(options[0]?.command, ['bounds', 'fence', '/bin/sh', '-c', ':']);
    assert.deepEqual(options[0]?.environment, { PATH: '/bin', HELD: 'yes' });
    assert.equal(options[0]?.infoFd, 3);
    assert.deepEqual(noted, ['watches 1']);
    assert.equal((await program.stop()).overBound, 'its memory bound of 1 MB');
    await programs.takenDown();
    assert.deepEqual(noted.slice(1), ['bounds ended', 'fence released']);
  });

  it('is told with its state when that is another than the last one', async () => {
    const partial = { ...openState, files: 'off' as const };
    const { programs, fenced } = setUp({ states: [openState, openState, partial] });
    for (let count = 0; count < 3; count++) await start(programs);
    assert.deepEqual(
      fenced.map(({ sandbox, resources }) => [sandbox.files, resources.gaps]),
      [
        ['full', ['fenced: true']],
        ['off', ['fenced: false']],
      ],
    );
  });

  it('is told anew when something outside has taken a guard away, once', async () => {
    const { programs, fenced, lost } = setUp();
    await start(programs);
    programs.look();
    assert.equal(fenced.length, 1);
    lost.push('/project/.git/config');
    programs.look();
    programs.look();
    assert.equal(fenced.length, 2);
    assert.equal(fenced[1]?.sandbox.files, 'partial');
    assert.match(fenced[1]?.sandbox.gaps[0] ?? '', /^\/project\/\.git\/config is guarded no longer/);
  });

  it('that does not start leaves neither fence nor bounds', async () => {
    const { programs, noted } = setUp({ startFailure: new AgorError('agentFailed', 'no') });
    await assert.rejects(start(programs), { code: 'agentFailed' });
    assert.deepEqual(noted, ['bounds ended', 'fence released']);
  });

  it('that is not there raises nothing', async () => {
    const { programs, noted, requests } = setUp();
    await assert.rejects(programs.start({ ...(await optionsOf('no-such-program')) }), /no such program/);
    assert.deepEqual([noted, requests], [[], []]);
  });

  it('that may not start without a full fence is refused in those words, and not as a missing program', async () => {
    const refusal = new AgorError('refused', 'A full sandbox is required for this agent, but here it is off. Install bubblewrap.');
    const context = { projectDir: os.tmpdir(), agentDir: os.tmpdir(), command: ['sh'], environment: {}, log: () => {} };
    const without = { tools: null, hooks: noHooks };
    const adapter = createAcpAdapter({
      ...context,
      ...without,
      startProgram: () => Promise.reject(refusal),
      emit: () => {},
      onExit: () => {},
    });
    await assert.rejects(adapter.open({ providerSessionId: null, model: null }), refusal);
  });
});

async function optionsOf(program: string): Promise<ProgramOptions> {
  return { command: [program], cwd: os.tmpdir(), environment: { PATH: '/bin' }, onLine: () => {}, onOversize: () => {} };
}
