/** A message and a task as the backend tells of them. */
import { ChannelId, MessageId, PartyId, TaskId, TeamId } from '../../server/protocol/ids.ts';
import type { Message } from '../../server/protocol/message.ts';
import type { Task } from '../../server/protocol/task.ts';

const party = (id: string, name: string) => ({ id: PartyId.parse(id), name });
const teamId = TeamId.parse('0197c1d8-7777-7000-8000-000000000007');
export const messageId = MessageId.parse('0197c1d8-1111-7000-8000-0000000000a1');

export const sampleMessage: Message = {
  id: messageId,
  from: party('0197c1d8-2222-7000-8000-000000000002', 'bob'),
  to: party('0197c1d8-3333-7000-8000-000000000003', 'ann'),
  channel: null,
  teamId,
  threadId: messageId,
  replyTo: null,
  text: 'Is the door done?',
  expectsReply: true,
  hops: 0,
  isOrder: false,
  attachments: [],
  verdict: 'deliver',
  findings: [],
  sentAt: Date.UTC(2026, 10, 29, 1, 45),
  deliveries: [
    {
      to: party('0197c1d8-3333-7000-8000-000000000003', 'ann'),
      state: 'queued',
      by: null,
      queuedAt: 1,
      deliveredAt: null,
      seenAt: null,
      answeredAt: null,
      deadAt: null,
      expiresAt: null,
      reason: 'ann is away until its next prompt',
    },
  ],
};

export const sampleChannel = {
  id: ChannelId.parse('0197c1d8-4444-7000-8000-000000000004'),
  name: 'review-queue',
  teamId,
  createdBy: party('person', 'person'),
  createdAt: 1,
  members: [party('0197c1d8-2222-7000-8000-000000000002', 'bob')],
};

export const sampleTask: Task = {
  id: TaskId.parse('0197c1d8-5555-7000-8000-000000000005'),
  number: 12,
  teamId,
  title: 'Build the door',
  description: 'With a lock.',
  state: 'review',
  priority: 'high',
  assignee: party('0197c1d8-2222-7000-8000-000000000002', 'bob'),
  createdBy: party('person', 'person'),
  parent: 3,
  sortOrder: 1,
  version: 4,
  comments: 0,
  isHeld: false,
  findings: [],
  createdAt: 1,
  updatedAt: 2,
};
