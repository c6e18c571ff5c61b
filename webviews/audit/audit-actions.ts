/** What the parts of the audit panel may ask for. */
import type { AuditRecord } from '../../server/protocol/audit.ts';
import type { Task } from '../../server/protocol/task.ts';
import type { NewTask } from './audit-model.ts';

export interface AuditActions {
  open(row: AuditRecord): void;
  close(): void;
  older(): void;
  copy(text: string): void;
  /** Answers the task, or `null` when it was refused. */
  addTask(task: NewTask): Promise<Task | null>;
  /** Says something to those who do not see the page. */
  announce(sentence: string): void;
}
