/** Every probe, in the order of the list that they were drawn up from: 34, and 16 more for classes of known escapes. */
import { fileProbes, systemFileProbes } from './file-probes.ts';
import { chosenProbes, nameProbe, otherWays, rights } from './kernel-probes.ts';
import type { Probe } from './probe.ts';
import { privilegeProbes, processProbes } from './process-probes.ts';
import { hookProbe, projectProbes, taskProbe } from './project-probes.ts';

export const firstProbes: readonly Probe[] = [
  ...fileProbes,
  ...privilegeProbes,
  ...processProbes,
  hookProbe,
  taskProbe,
  ...systemFileProbes,
];

export const furtherProbes: readonly Probe[] = [...otherWays, ...projectProbes, ...rights, nameProbe, ...chosenProbes];

export const probes: readonly Probe[] = [...firstProbes, ...furtherProbes];
