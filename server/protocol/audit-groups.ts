/**
 * The events of the audit log by what they are about, in the order in which they are offered; each is in one of them.
 * Plain data without imports, so that a page may carry it.
 */
export const auditGroups = {
  agents: [
    'agent_registered',
    'agent_removed',
    'agent_configured',
    'agent_paused',
    'agent_resumed',
    'agent_slept',
    'agent_restarting',
    'agent_failed',
    'agent_stalled',
    'agent_recovered',
    'run_started',
    'run_adopted',
    'run_ended',
    'program_restart_decided',
    'turn_started',
    'turn_ended',
    'wake_event',
    'heartbeat',
  ],
  safety: [
    'approval_asked',
    'approval_answered',
    'approval_withdrawn',
    'prompt_injection_detected',
    'held_released',
    'held_discarded',
    'screening_failed',
    'sandbox_state',
    'protected_file_changed',
    'project_trust_changed',
    'secret_recorded',
  ],
  messages: [
    'message_sent',
    'message_read',
    'message_delivered',
    'message_requeued',
    'message_refused',
    'message_dead',
    'message_redelivered',
    'message_discarded',
    'channel_created',
    'channel_joined',
    'contact_allowed',
    'loop_broken',
  ],
  tasks: ['task_created', 'task_status_changed', 'task_edited', 'task_assigned', 'task_commented', 'task_removed'],
  setup: ['project_added', 'project_removed', 'groups_applied', 'role_changed', 'settings_changed', 'import_finished', 'audit_exported'],
  trouble: ['data_lost', 'data_restored', 'event_refused', 'event_requeued', 'protocol_error', 'hook_failed'],
} as const;

/** What somebody should look at: something went wrong, was lost, or tried what it may not. */
export const alertEvents = [
  'prompt_injection_detected',
  'protected_file_changed',
  'screening_failed',
  'agent_failed',
  'agent_restarting',
  'agent_stalled',
  'message_dead',
  'message_refused',
  'loop_broken',
  'data_lost',
  'event_refused',
  'protocol_error',
  'hook_failed',
] as const;

export type AuditGroup = keyof typeof auditGroups;
