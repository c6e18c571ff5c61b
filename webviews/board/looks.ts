/** The icon and word of each state and priority, and the name of whoever has to do with a task. */
import type { BoardText } from '../../server/protocol/board-texts.ts';
import type { TaskPriority, TaskState } from '../../server/protocol/task.ts';
import type { Party } from '../../server/protocol/team.ts';
import type { IconName } from '../shared/icon.ts';
import { t } from './texts.ts';

interface Look {
  readonly icon: IconName;
  readonly word: BoardText;
}

/** In the order of the columns. */
export const states: readonly TaskState[] = ['todo', 'progress', 'review', 'done', 'blocked', 'rejected'];

export const stateLooks: Record<TaskState, Look> = {
  todo: { icon: 'circle-outline', word: 'columnTodo' },
  progress: { icon: 'sync', word: 'columnProgress' },
  review: { icon: 'eye', word: 'columnReview' },
  done: { icon: 'pass', word: 'columnDone' },
  blocked: { icon: 'circle-slash', word: 'columnBlocked' },
  rejected: { icon: 'close', word: 'columnRejected' },
};

/** The most urgent first. */
export const priorities: readonly TaskPriority[] = ['critical', 'high', 'medium', 'low'];

export const priorityLooks: Record<TaskPriority, Look> = {
  critical: { icon: 'flame', word: 'priorityCritical' },
  high: { icon: 'chevron-up', word: 'priorityHigh' },
  medium: { icon: 'dash', word: 'priorityMedium' },
  low: { icon: 'chevron-down', word: 'priorityLow' },
};

/** The person reads of themself as "you". */
export function nameOf(party: Party | null): string {
  if (party === null) return t('nobody');
  return party.id === 'person' ? t('person') : party.name;
}
