/** The rows of `loop_counts` and `loop_writes`: how far the counts of the loop breaker had got. */
import * as z from 'zod/mini';
import type { AgentId, ProjectId } from '../protocol/ids.ts';
import type { Database } from '../store/open-database.ts';
import { rowHash } from '../store/row-hash.ts';
import type { Step } from './loop.ts';

/** The calls of a turn that runs, since something last changed. */
export type Counted = { readonly projectId: ProjectId; readonly steps: readonly Step[] };

const Steps = z.array(z.object({ key: z.string(), title: z.string(), durationMs: z.number() }));

export class LoopStore {
  readonly #counts;
  readonly #writes;
  readonly #putCount;
  readonly #forgetCount;
  readonly #putWrite;

  constructor(db: Database) {
    this.#counts = db.prepare<[], { agentId: AgentId; projectId: ProjectId; steps: string }>(
      'select agent_id as agentId, project_id as projectId, steps from loop_counts',
    );
    this.#writes = db.prepare<[], { projectId: ProjectId; wroteAt: number }>(
      'select project_id as projectId, wrote_at as wroteAt from loop_writes',
    );
    this.#putCount = db.prepare('insert or replace into loop_counts (agent_id, project_id, steps, row_hash) values (?, ?, ?, ?)');
    this.#forgetCount = db.prepare('delete from loop_counts where agent_id = ?');
    this.#putWrite = db.prepare('insert or replace into loop_writes (project_id, wrote_at, row_hash) values (?, ?, ?)');
  }

  /** One that the disk gave back damaged is counted anew: it holds nobody, and nothing of it is of record. */
  counts(): Map<AgentId, Counted> {
    return new Map(
      this.#counts.all().flatMap(({ agentId, projectId, steps: text }) => {
        const steps = parsed(text);
        return steps === undefined ? [] : [[agentId, { projectId, steps }] as const];
      }),
    );
  }

  writes(): Map<ProjectId, number> {
    return new Map(this.#writes.all().map(({ projectId, wroteAt }) => [projectId, wroteAt]));
  }

  putCount(agentId: AgentId, counted: Counted | undefined): void {
    if (counted === undefined) return void this.#forgetCount.run(agentId);
    const cells = [agentId, counted.projectId, JSON.stringify(counted.steps)];
    this.#putCount.run(...cells, rowHash(cells));
  }

  putWrite(projectId: ProjectId, wroteAt: number): void {
    const cells = [projectId, wroteAt];
    this.#putWrite.run(...cells, rowHash(cells));
  }
}

function parsed(text: string): Step[] | undefined {
  try {
    return Steps.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
