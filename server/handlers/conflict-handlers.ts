/** Which feature answers the methods about files that more than one writes. */
import type { FileLooks } from '../agents/file-looks.ts';
import type { WrittenFiles } from '../agents/written-files.ts';
import type { Handlers } from '../dispatch.ts';
import { listedConflicts } from '../protocol/file-conflict.ts';
import type { AgentId } from '../protocol/ids.ts';

export type ConflictFeatures = {
  readonly written: Pick<WrittenFiles, 'conflictsOf' | 'settle'>;
  readonly looks: Pick<FileLooks, 'saved'>;
  readonly agentIdOf: (reference: string) => AgentId;
};

type ConflictMethods = Extract<keyof Handlers, `conflict/${string}` | `file/${string}`>;

export function conflictHandlers({ written, looks, agentIdOf }: ConflictFeatures): Pick<Handlers, ConflictMethods> {
  return {
    'conflict/list': ({ agent }) => {
      const conflicts = written.conflictsOf(agentIdOf(agent));
      return { conflicts: conflicts.slice(0, listedConflicts), total: conflicts.length };
    },
    'conflict/settle': ({ agent, path }) => ({ settled: written.settle(agentIdOf(agent), path) }),
    'file/saved': ({ paths }) => {
      looks.saved(paths);
      return {};
    },
  };
}
