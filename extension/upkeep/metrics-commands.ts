/** Commands about metrics. */
import type { CommandHost } from '../command-host.ts';

export function openMetrics({ metrics }: CommandHost): void {
  metrics.show();
}
