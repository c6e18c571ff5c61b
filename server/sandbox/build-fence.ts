/** Builds the best fence that this machine gives, and finds out what it holds. */
import { readFileSync, realpathSync } from 'node:fs';
import type { SandboxLayer, SandboxProof, SandboxState } from '../protocol/sandbox.ts';
import { Canaries } from './canaries.ts';
import { doorOutside } from './door.ts';
import type { Fence } from './fence.ts';
import { type FencePlan, planFence, withoutPlaces } from './fence-plan.ts';
import { holdEnvironment } from './held-environment.ts';
import { launcherPaths, type SandboxHost } from './host.ts';
import { bubblewrapLayers, type Layers, landlockLayers } from './layers.ts';
import { mountPoints } from './mount-info.ts';
import { MountPoints, mountPointsDir } from './mount-points.ts';
import { platformRemedy, remedyFor } from './remedy.ts';
import type { SandboxProfile, SandboxRequest } from './request.ts';
import { runSelfTest } from './self-test.ts';
import { trialsOf } from './trials.ts';
import { openState, proofsOf, stateOf, type Tested } from './verdict.ts';
import { visibleSockets } from './visible-sockets.ts';

export type BuiltFence = { readonly fence: Fence; readonly proofs: readonly SandboxProof[] };

type Ground = {
  readonly request: SandboxRequest;
  readonly profile: SandboxProfile;
  readonly host: SandboxHost;
  readonly plan: FencePlan;
  readonly canaries: Canaries;
};

type Failure = { readonly failure: string };

/** Refuses nothing: what it could not raise is in the state. */
export async function buildFence(request: SandboxRequest, profile: SandboxProfile, host: SandboxHost): Promise<BuiltFence> {
  const { mode } = request.plan;
  if (mode === 'off') return openFence(profile, openState(mode, null));
  if (host.platform !== 'linux') return openFence(profile, openState(mode, platformRemedy));
  const canaries = await Canaries.put(request.dataDir, profile.tcpConnect);
  try {
    const ground = { request, profile, host, canaries, plan: planFence(profile, launcherPaths(host)) };
    const inBubblewrap = host.bwrap === null ? null : await raiseWithBubblewrap(ground, host.bwrap);
    if (inBubblewrap && 'fence' in inBubblewrap) return inBubblewrap;
    return await raiseLandlockAlone(ground, inBubblewrap?.failure ?? null);
  } finally {
    canaries.takeAway();
  }
}

async function raiseWithBubblewrap(ground: Ground, bwrap: string): Promise<BuiltFence | Failure> {
  const { points, failed } = await MountPoints.make(mountPointsDir(ground.request.dataDir), ground.plan);
  const layers = bubblewrapLayers(withoutPlaces(ground.plan, failed), ground.profile, { ...ground.host, bwrap });
  const tested = await test(layers, ground).catch((error: unknown) => {
    points.release();
    throw error;
  });
  if ('failure' in tested) {
    points.release();
    return tested;
  }
  const found = { hasBubblewrap: true, failure: null, landlockAbi: tested.landlockAbi };
  const state = stateOf(tested, { profile: ground.profile, mode: ground.request.plan.mode }, (gaps) => remedyFor(gaps, found));
  return { fence: closedFence(ground, layers, state, points), proofs: proofsOf(tested) };
}

/** `failure` is what bubblewrap said, null without it. */
async function raiseLandlockAlone(ground: Ground, failure: string | null): Promise<BuiltFence> {
  const { profile } = ground;
  const { mode } = ground.request.plan;
  const layers = landlockLayers(ground.plan, profile, ground.host);
  const tested = await test(layers, ground);
  const found = { hasBubblewrap: false, failure, landlockAbi: 'failure' in tested ? 0 : tested.landlockAbi };
  if ('failure' in tested) return openFence(profile, openState(mode, `${remedyFor([], found)} Landlock alone: ${tested.failure}`));
  if (tested.landlockAbi === 0) return openFence(profile, openState(mode, remedyFor([], found)));
  const state = stateOf(tested, { profile, mode }, (gaps) => remedyFor(gaps, found));
  return { fence: closedFence(ground, layers, state, null), proofs: proofsOf(tested) };
}

async function test(layers: Layers, ground: Ground): Promise<Tested | Failure> {
  const { request, profile, canaries, host } = ground;
  const { plan } = layers;
  const trials = trialsOf({ request: realFolders(request), profile, plan, canaries, sockets: socketsIn(layers, request) });
  const attempts = trials.map(({ attempt }) => attempt);
  const environment = holdEnvironment(request.environment, host.nodeEnvironment);
  const result = await runSelfTest(layers.toArgv({ ...layers.policy, attempts }, []), { cwd: request.projectDir, environment });
  if ('failure' in result) return result;
  const { landlockAbi, answers } = result.report;
  return { layers: layersOf(layers, landlockAbi), landlockAbi, trials, answers, unguarded: plan.unguarded };
}

function layersOf({ hasBubblewrap }: Layers, landlockAbi: number): SandboxLayer[] {
  return [...(hasBubblewrap ? ['bubblewrap' as const] : []), ...(landlockAbi > 0 ? ['landlock' as const] : [])];
}

/** Without bubblewrap every socket can be reached, which one canary tells. */
function socketsIn({ hasBubblewrap, plan }: Layers, request: SandboxRequest): string[] {
  const ownPlaces = [request.projectDir, request.agentDir, ...doorOutside(request)].map(realPath);
  return hasBubblewrap ? visibleSockets([...plan.read, ...plan.write], ownPlaces) : [];
}

/** The plan names places by their real paths. */
function realFolders({ projectDir, agentDir, homeDir }: SandboxRequest) {
  return { projectDir: realPath(projectDir), agentDir: realPath(agentDir), homeDir: realPath(homeDir) };
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // Not every user of a machine has a home.
    return path;
  }
}

/** What was found has to hold for the program too: with less it is not started. */
function closedFence({ profile, host }: Ground, layers: Layers, state: SandboxState, points: MountPoints | null): Fence {
  const policy = { ...layers.policy, minLandlockAbi: state.landlockAbi ?? 0 };
  return {
    state,
    profile,
    infoFd: layers.infoFd,
    wrap: (command) => layers.toArgv(policy, command),
    environment: (program) => holdEnvironment(program, host.nodeEnvironment),
    lost: (childPid) => lostMounts(layers, childPid),
    release: () => points?.release(),
  };
}

function openFence(profile: SandboxProfile, state: SandboxState): BuiltFence {
  const environment: Fence['environment'] = (program) => program;
  const fence: Fence = { state, profile, infoFd: null, wrap: (command) => command, environment, lost: () => [], release: () => {} };
  return { fence, proofs: [] };
}

/** Nothing is lost of what is not there yet, nor of a program that has ended. */
function lostMounts({ hasBubblewrap, plan }: Layers, childPid: number): string[] {
  if (!hasBubblewrap) return [];
  const mounted = mountPoints(mountInfoOf(childPid));
  const given = plan.mounts.filter(({ kind, path }) => kind === 'write' && !plan.pinned.includes(path));
  if (given.some(({ path }) => !mounted.has(path))) return [];
  return [...plan.guarded, ...plan.pinned, ...plan.hidden].filter((path) => !mounted.has(path));
}

function mountInfoOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/mountinfo`, 'utf8');
  } catch {
    // It has ended.
    return '';
  }
}
