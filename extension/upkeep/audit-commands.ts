/** Commands about the audit log. */
import type { CommandHost } from '../command-host.ts';

/** At a row, when our own code names one by its number. */
export async function openAuditLog(host: CommandHost, argument: unknown): Promise<void> {
  await host.fleet.whenLoaded();
  host.audit.show(seqOf(argument));
}

function seqOf(argument: unknown): number | null {
  if (typeof argument !== 'object' || argument === null || !('seq' in argument)) return null;
  return typeof argument.seq === 'number' ? argument.seq : null;
}
