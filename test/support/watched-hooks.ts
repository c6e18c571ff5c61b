/** What an adapter tells of its program's hooks, and an answer to the end of a turn that a test chooses. */
import type { HookName, ProgramHooks, StopBlock } from '../../server/sidecar/adapter.ts';

type Observed = { readonly hook: HookName; readonly input: Record<string, unknown>; readonly answer: StopBlock | null };

export class WatchedHooks implements ProgramHooks {
  readonly seen: Observed[] = [];
  readonly failures: { readonly hook: string; readonly detail: string }[] = [];
  readonly stops: boolean[] = [];
  blocksTaken = 0;
  /** Asked at each end of a turn. */
  onStop: (isRepeat: boolean) => StopBlock | null = () => null;

  readonly stop = ({ isRepeat }: { readonly isRepeat: boolean }) => {
    this.stops.push(isRepeat);
    return this.onStop(isRepeat);
  };
  readonly blockTaken = () => {
    this.blocksTaken += 1;
  };
  readonly observed = (hook: HookName, input: Record<string, unknown>, answer: StopBlock | null) => {
    this.seen.push({ hook, input, answer });
  };
  readonly failed = (hook: string, detail: string) => {
    this.failures.push({ hook, detail });
  };

  names(): HookName[] {
    return this.seen.map(({ hook }) => hook);
  }

  inputs(hook: HookName): Record<string, unknown>[] {
    return this.seen.filter((seen) => seen.hook === hook).map(({ input }) => input);
  }
}
