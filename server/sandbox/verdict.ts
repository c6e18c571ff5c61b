/** What holds, concluded from what was tried and never from what was asked for. */
import type { NetworkAccess, SandboxLayer, SandboxMode, SandboxProof, SandboxState } from '../protocol/sandbox.ts';
import { type Gap, gapSentences, isOfFiles } from './gaps.ts';
import type { SandboxProfile } from './request.ts';
import { isOpen, type Trial } from './trials.ts';

export type Tested = {
  readonly layers: readonly SandboxLayer[];
  readonly landlockAbi: number;
  readonly trials: readonly Trial[];
  /** One for each trial. */
  readonly answers: readonly string[];
  /** Could not be guarded at all. */
  readonly unguarded: readonly string[];
};

type Asked = { readonly profile: SandboxProfile; readonly mode: SandboxMode };

export function proofsOf({ trials, answers }: Pick<Tested, 'trials' | 'answers'>): SandboxProof[] {
  return trials.map(({ tried, expected }, index) => {
    const answer = answers[index] ?? 'not tried';
    return { tried, expected, held: (answer === 'ok') === (expected === 'allowed') && answer !== 'not tried', answer };
  });
}

export function stateOf(tested: Tested, { profile, mode }: Asked, remedy: (gaps: readonly Gap[]) => string | null): SandboxState {
  const network = networkOf(tested, profile);
  const gaps = [...foundGaps(tested), ...knownGaps(tested, profile, network)];
  const files = tested.layers.length === 0 ? 'off' : gaps.some(isOfFiles) ? 'partial' : 'full';
  return {
    files,
    network,
    mode,
    layers: [...tested.layers],
    landlockAbi: tested.landlockAbi || null,
    gaps: gapSentences(gaps),
    remedy: remedy(gaps),
  };
}

/** Nothing is held back: chosen, or because the machine has nothing for it. */
export function openState(mode: SandboxMode, remedy: string | null): SandboxState {
  return { files: 'off', network: 'open', mode, layers: [], landlockAbi: null, gaps: gapSentences([{ name: 'everything' }]), remedy };
}

/** What was not answered counts as got through: silence proves nothing. */
function foundGaps({ trials, answers }: Tested): Gap[] {
  return trials.flatMap(({ gap }, index) => (gap !== null && (answers[index] ?? 'ok') === 'ok' ? [gap] : []));
}

function knownGaps({ layers, unguarded }: Tested, profile: SandboxProfile, network: NetworkAccess): Gap[] {
  return [
    ...unguarded.map((subject): Gap => ({ name: 'replaceableLinks', subject })),
    ...(layers.join() === 'bubblewrap' ? [{ name: 'oneLayer' } as const] : []),
    ...(layers.length > 0 ? [{ name: 'laterRuns' } as const] : []),
    ...(network === 'ports' && profile.tcpConnect.length > 0 ? [{ name: 'anyHost' } as const] : []),
  ];
}

function networkOf({ trials, answers }: Tested, profile: SandboxProfile): NetworkAccess {
  const gotThrough = (kind: 'tcp' | 'udp') =>
    trials.some(({ attempt }, index) => attempt.kind === kind && (answers[index] ?? 'ok') === 'ok');
  if (isOpen(profile) || gotThrough('tcp')) return 'open';
  return profile.hasNetwork || gotThrough('udp') ? 'ports' : 'none';
}
