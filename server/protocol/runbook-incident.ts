/** What to do when an agent did, or may have done, what it should not. Plain data. */
import type { Procedure } from './runbook.ts';

export const incident: Procedure = {
  title: 'Incident response',
  when: 'When an agent did what it should not, a secret may have leaked, or something looks like an attack. Contain first when in doubt: everything here can be taken back.',
  steps: [
    {
      phase: 'Triage',
      title: 'Look at the backend',
      text: 'On a server also http://127.0.0.1:18801/health. An incident that lasts already is named here.',
      lines: ['agor health'],
      command: 'agor.showHealth',
    },
    {
      title: 'Look at what was told lately',
      text: 'Alerts of the audit log, newest first; note when the first of them came.',
      lines: ['agor audit list --alerts --since 1d', 'agor notices'],
      command: 'agor.openAuditLog',
    },
    {
      title: 'Look at the logs',
      text: 'Of the backend, and of the agents that are concerned.',
      lines: ['agor agent logs <agent>'],
      command: 'agor.showLog',
    },
    {
      phase: 'Containment',
      title: 'Pause or stop the agent',
      text: 'Paused, it begins nothing new; stopped, its program and all it started are ended.',
      lines: ['agor agent pause <agent>', 'agor agent stop <agent>'],
      command: 'agor.stopAgent',
    },
    {
      title: 'Make every fence narrower',
      text: 'Incident mode: agents read their projects and write nothing but their own folder, for a while. It ends by itself.',
      lines: ['agor incident begin --for 2h --reason "<why>"'],
      command: 'agor.beginIncident',
    },
    {
      title: 'Take away what it may ask for',
      text: 'At once, also for what it has queued already.',
      lines: ['agor capability list <agent>', 'agor capability revoke <agent> <capability>'],
      command: 'agor.changeCapabilities',
    },
    {
      title: 'Give secrets that it had another value',
      text: 'Agents that run with it get the new one. Revoke the old one where it came from, too.',
      lines: ['agor secret rotate <name>'],
      command: 'agor.rotateSecret',
    },
    {
      phase: 'Remediation',
      title: 'Restart the backend, or deploy a fix',
      text: 'A restart interrupts no agent. For a fix follow the procedure "Deploy".',
      lines: ['agor backend stop', 'agor health'],
      command: 'agor.restartBackend',
    },
    {
      title: 'See that nothing is left',
      text: 'The doctor finds damage and leftovers; protected files that an agent changed are in the audit log.',
      lines: ['agor doctor', 'agor audit list --event protected_file_changed'],
      command: 'agor.runDoctor',
    },
    {
      title: 'Let the agents go on',
      text: 'Give back what is safe to give back. Agents get their own fences at their next start.',
      lines: ['agor incident end', 'agor agent restart <agent>'],
      command: 'agor.endIncident',
    },
    {
      phase: 'Post-incident',
      title: 'Take the audit log of that time along',
      text: 'As JSONL and CSV, with a manifest of hashes by which nobody can change them later.',
      lines: ['agor audit verify', 'agor audit export --dir . --since <when> --until <when>'],
      command: 'agor.openAuditLog',
    },
    {
      title: 'Make it a task',
      text: 'What is to be changed so that it does not happen again. In the audit log, a row can be made a task with its facts.',
      lines: ['bttask add "<what is to change>"'],
      command: 'agor.addTask',
    },
    {
      title: 'Change the rules',
      text: 'Rules, modes, capabilities, budgets and the sandbox of the agents that were concerned.',
      lines: ['agor rules list', 'agor agent mode <agent> <mode>', 'agor config list'],
      command: 'agor.showRules',
    },
    {
      title: 'Finish the procedure',
      text: 'Writes a report with the alerts of the time into the data directory, and a row into the audit log. Say when it began.',
      lines: ['agor runbook finish incident --all --since <when>'],
      command: 'agor.finishProcedure',
    },
  ],
};
