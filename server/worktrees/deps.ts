/** What worktrees need from the rest of the backend, as functions. */
import type { AuditLog } from '../audit/audit-log.ts';
import type { AgentId, ProjectId } from '../protocol/ids.ts';
import type { Project } from '../protocol/project.ts';
import type { WorktreeReport } from '../protocol/worktree.ts';
import type { RecordFile } from '../store/record-file.ts';

export type WorktreesDeps = {
  readonly file: RecordFile;
  readonly audit: AuditLog;
  readonly now: () => number;
  /** For bundles; a folder of its own. */
  readonly dir: string;
  /** The person's own mode mask, for files that are made in their folders. */
  readonly umask: number;
  /** Throws `notFound` or `ambiguous`. */
  readonly findAgent: (reference: string) => { readonly id: AgentId; readonly name: string; readonly projectId: ProjectId };
  /** Also of one that was removed. */
  readonly agentName: (id: AgentId) => string;
  readonly getProject: (id: ProjectId) => Project | undefined;
  /** Whether a program or sidecar of the agent works in that folder now. */
  readonly isLive: (id: AgentId, folder: string) => boolean;
  readonly sizeOf: (folder: string) => Promise<WorktreeReport['size']>;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};
