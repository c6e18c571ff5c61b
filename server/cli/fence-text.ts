/** What an agent is fenced in by, in lines for a person to read. */
import type { SandboxState } from '../protocol/sandbox.ts';
import type { ResourceFence } from '../protocol/supervision.ts';
import { oneLine } from './printable.ts';

const layerNames = { bubblewrap: 'bubblewrap', landlock: 'Landlock' } as const;
const networkTexts = { none: 'no network', ports: 'network on some ports only', open: 'network open' } as const;

/** The state in one line; its gaps, and what can be done about them, in a line each. */
export function fenceLines({ files, network, mode, layers, landlockAbi, gaps, remedy }: SandboxState): string[] {
  const by = layers.map((layer) => (layer === 'landlock' && landlockAbi !== null ? `Landlock (ABI ${landlockAbi})` : layerNames[layer]));
  const means = files === 'off' ? ': agents can do what you can do' : by.length > 0 ? ` by ${by.join(' and ')}` : '';
  return [
    `${files}${means}; ${networkTexts[network]}; mode ${mode}`,
    ...gaps.map((gap) => `gap: ${oneLine(gap, 1000)}`),
    ...(remedy === null ? [] : [`remedy: ${oneLine(remedy, 1000)}`]),
  ];
}

export function fencedBy({ by }: ResourceFence): string {
  return by.length > 0 ? by.join(', ') : 'nothing';
}
