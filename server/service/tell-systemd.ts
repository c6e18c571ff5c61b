/** Keeps systemd told for the life of a service, by the sd_notify protocol. */
import type { Health } from '../protocol/health.ts';
import type { Notify } from './notify.ts';
import { usualRoundMs } from './pulse.ts';

export type SystemdDeps = {
  readonly send: Notify;
  /** Calls at each good round; returns what stops it. */
  readonly onRound: (call: () => void) => () => void;
  readonly status: () => string;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

/** Called when callers are taken in. Returns what is to be called when the end begins. */
export function tellSystemd({ send, onRound, status, log }: SystemdDeps): () => void {
  let isFailing = false;
  const tell = (message: string) => {
    try {
      send(message);
      isFailing = false;
    } catch (err) {
      // Told once: systemd itself does something about a service that it does not hear of.
      if (!isFailing) log('systemd was not told', { err });
      isFailing = true;
    }
  };
  tell(`READY=1\nMAINPID=${process.pid}\n${status()}`);
  const stop = onRound(() => tell(`WATCHDOG=1\n${status()}`));
  return () => {
    stop();
    tell('STOPPING=1\nSTATUS=Ending; agents go on.');
  };
}

/** A third of what systemd allows, so that one late round does not end the service; never slower than usual. */
export function roundEvery(watchdogMs: number | undefined): number {
  return watchdogMs === undefined ? usualRoundMs : Math.max(100, Math.min(usualRoundMs, Math.floor(watchdogMs / 3)));
}

/** Shown by `systemctl status`; counts alone, because everybody on the machine may read it. */
export function statusLine({
  state,
  turns,
  sidecars,
  openApprovals,
}: Pick<Health, 'state' | 'turns' | 'sidecars' | 'openApprovals'>): string {
  return `STATUS=${state}; ${turns.running} of ${turns.max} turns, ${sidecars.length} sidecars, ${openApprovals} open questions`;
}
