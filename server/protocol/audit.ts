/** The audit log as it is read from outside. */
import * as z from 'zod/mini';

/** The first nine are fixed names that others rely on; ours extend the list. */
export const AuditEvent = z.enum([
  'message_sent',
  'message_read',
  'channel_created',
  'agent_registered',
  'heartbeat',
  'task_created',
  'task_status_changed',
  'wake_event',
  'prompt_injection_detected',
  'agent_removed',
  'agent_paused',
  'agent_resumed',
  'project_added',
  'project_removed',
  'project_trust_changed',
  'run_started',
  'run_adopted',
  'run_ended',
  'turn_started',
  'turn_ended',
  'prompt_joined',
  'approval_asked',
  'approval_answered',
  'approval_withdrawn',
  'approval_expired',
  'agent_mode_changed',
  'rule_added',
  'rule_removed',
  'data_lost',
  'data_restored',
  'backend_upgraded',
  'upgrade_rolled_back',
  'agent_configured',
  'agent_restarting',
  'agent_failed',
  'agent_slept',
  'program_restart_decided',
  'sandbox_state',
  'protocol_error',
  'protected_file_changed',
  'event_refused',
  'event_requeued',
  'secret_recorded',
  'secret_withheld',
  'credential_rotated',
  'settings_changed',
  'hook_failed',
  'message_delivered',
  'message_requeued',
  'message_refused',
  'message_dead',
  'message_redelivered',
  'message_discarded',
  'held_released',
  'held_discarded',
  'screening_failed',
  'loop_broken',
  'contact_allowed',
  'channel_joined',
  'task_edited',
  'task_assigned',
  'task_commented',
  'task_removed',
  'groups_applied',
  'role_changed',
  'agent_stalled',
  'agent_recovered',
  'import_finished',
  'audit_exported',
  'capability_revoked',
  'capability_granted',
  'capability_refused',
  'incident_begun',
  'incident_ended',
  'worktree_created',
  'worktree_merged',
  'worktree_removed',
  'worktree_restored',
  'lease_given',
  'lease_ended',
  'budget_set',
  'budget_warned',
  'budget_reached',
  'agent_held',
  'agent_let_go',
  'backup_made',
  'backup_failed',
  'restore_begun',
  'drill_finished',
  'retention_announced',
  'retention_agreed',
  'messages_archived',
  'messages_removed',
  'transcripts_archived',
  'transcripts_removed',
  'databases_compacted',
  'files_removed',
  'doctor_fixed',
  'procedure_finished',
]);
export type AuditEvent = z.infer<typeof AuditEvent>;

export const AuditRecord = z.object({
  seq: z.number(),
  at: z.number(),
  /** An `AuditEvent`, or one that a newer build wrote: it is shown as it is. */
  event: z.string(),
  agentId: z.nullable(z.string()),
  /** Who did it: a door (`extension`, `cli`, `assistant`), `agent`, `sidecar`, `backend`,
   *  or what stood for a person: `rule:<id>`, `mode:<mode>`. */
  actor: z.string(),
  detail: z.record(z.string(), z.unknown()),
  prevHash: z.string(),
  hash: z.string(),
});
export type AuditRecord = z.infer<typeof AuditRecord>;

export const AuditVerdict = z.object({
  rows: z.number(),
  /** The hash of the last row, to be kept elsewhere. */
  head: z.object({ seq: z.number(), hash: z.string() }),
  /** What does not fit, each with the first row that shows it; empty when the chain holds. */
  breaks: z.array(
    z.object({ seq: z.number(), kind: z.enum(['changed', 'missing', 'inserted', 'reordered', 'cutOff']), detail: z.string() }),
  ),
  /** Heads that were kept before a restore, each with the row by which the log went on then, and that proves it. */
  bridged: z.array(z.object({ seq: z.number(), detail: z.string() })),
});
export type AuditVerdict = z.infer<typeof AuditVerdict>;

const place = z.object({ seq: z.number(), hash: z.string() });

/** What was taken along, and the hashes by which nobody can change it later. */
export const AuditManifest = z.object({
  exportedAt: z.string(),
  build: z.object({ version: z.string(), gitSha: z.string() }),
  /** The time that was asked for; null: without an end there. */
  window: z.object({ from: z.nullable(z.string()), to: z.nullable(z.string()) }),
  rows: z.number(),
  first: z.nullable(place),
  last: z.nullable(place),
  /** Of the whole log, when it was exported. */
  head: place,
  files: z.array(z.object({ name: z.string(), bytes: z.number(), sha256: z.string() })),
});
export type AuditManifest = z.infer<typeof AuditManifest>;

/** `path`: the new folder. */
export const SavedAudit = z.object({ path: z.string(), manifest: AuditManifest });
export type SavedAudit = z.infer<typeof SavedAudit>;
