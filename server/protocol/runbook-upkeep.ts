/** The procedures of every day and of the bad days: health, deploy, a full disk, a damaged database, a stuck agent. Plain data. */
import type { Procedure, ProcedureName } from './runbook.ts';

const finish = (name: ProcedureName) => ({
  title: 'Finish the procedure',
  text: 'Writes a report into the data directory and a row into the audit log.',
  lines: [`agor runbook finish ${name} --all`],
  command: 'agor.finishProcedure',
});

export const upkeep: Readonly<Record<Exclude<ProcedureName, 'incident'>, Procedure>> = {
  daily: {
    title: 'Daily health check',
    when: 'Once a day, or whenever something seems odd. It takes two minutes and changes nothing.',
    steps: [
      {
        title: 'Look at the backend',
        text: 'It is healthy, and no agent has failed. What is wrong is said in one sentence each.',
        lines: ['agor health'],
        command: 'agor.showHealth',
      },
      {
        title: 'Look for damage',
        text: 'The doctor reads every row of record, checks the audit chain, files, disk, sandbox and programs. What it can put right safely, "agor doctor --fix" does.',
        lines: ['agor doctor'],
        command: 'agor.runDoctor',
      },
      {
        title: "Look at last night's backup",
        text: 'The newest is from last night, and is said to be whole.',
        lines: ['agor backup list', 'agor backup verify'],
        command: null,
      },
      {
        title: 'Look at the alerts since yesterday',
        text: 'Each is a row of the audit log that somebody should look at. Failed agents, refused events, injections and lost data come first.',
        lines: ['agor audit list --alerts --since 1d'],
        command: 'agor.openAuditLog',
      },
      {
        title: 'Answer what waits for you',
        text: 'Open questions, held messages and dead letters keep agents waiting.',
        lines: ['agor approve', 'agor held list', 'agor dead-letters list'],
        command: 'agor.showNeeds',
      },
      {
        title: 'Look at sizes',
        text: 'Nothing is called large or critical. If something is, follow "Disk space emergency" before it is one.',
        lines: ['agor metrics --storage'],
        command: 'agor.openMetrics',
      },
      finish('daily'),
    ],
  },
  deploy: {
    title: 'Deploy',
    when: 'When a new build is to run on a server. In VS Code, updating the extension does all of this by itself.',
    steps: [
      {
        title: 'Read what changed',
        text: 'CHANGELOG.md names what is new, and which databases are brought to a new schema.',
        lines: [],
        command: null,
      },
      {
        title: 'Make a backup',
        text: 'It is opened, checked and counted before it gets its name. Before a change of schema the backend makes one by itself besides.',
        lines: ['agor backup create'],
        command: null,
      },
      {
        title: 'Deploy',
        text: 'Builds, tries the new build out on empty databases (its smoke test) and on a copy of the data, lets the old one hand over, and goes back by itself when the new one does not come up. Agents go on meanwhile.',
        lines: ['scripts/deploy.sh'],
        command: null,
      },
      {
        title: 'Look at the new backend',
        text: 'Its build is the new one, it is healthy, and its sidecars are connected.',
        lines: ['agor health'],
        command: 'agor.showHealth',
      },
      {
        title: 'Have a demo agent started',
        text: 'The whole chain from backend to fenced program works, with the time that each step took. It uses a data directory of its own.',
        lines: ['agor doctor --boot'],
        command: 'agor.verifyInstallation',
      },
      {
        title: 'Look at the metrics',
        text: 'Turns run and end as before.',
        lines: ['agor metrics'],
        command: 'agor.openMetrics',
      },
      finish('deploy'),
    ],
  },
  disk: {
    title: 'Disk space emergency',
    when: 'When a write was refused because the disk is full, or the storage card says critical. Nothing acknowledged is lost by a full disk; nothing new is taken in until there is room.',
    steps: [
      {
        title: 'See what is large',
        text: 'The parts of the data directory with their sizes, and what is free on the disk. Something else may have filled it.',
        lines: ['agor metrics --storage', 'df -h'],
        command: 'agor.openMetrics',
      },
      {
        title: 'Keep agents from writing more',
        text: 'They go on where they were when they are resumed. Do it for those that write most.',
        lines: ['agor agent list', 'agor agent pause <agent>'],
        command: 'agor.pauseAgent',
      },
      {
        title: 'First: what is left of what ended',
        text: 'Half-made copies, stale folders and sockets. Nothing of record is touched.',
        lines: ['agor doctor --fix'],
        command: 'agor.runDoctor',
      },
      {
        title: 'Second: what is past its time',
        text: 'Logs, quarantine, old messages and, where you set it, old transcripts by the limits that are set. Messages and transcripts are archived first. The first two commands show what is kept how long and what would go.',
        lines: ['agor retention show', 'agor retention run --dry-run', 'agor retention run'],
        command: null,
      },
      {
        title: 'Then: what is free inside the databases',
        text: 'Databases give free space back to the disk by themselves; a large one of before that does not. This writes it anew, which needs room for the new file meanwhile; the backend ends for that time and agents go on. What went into an archive is read by the second command.',
        lines: ['agor retention compact', 'agor retention read --find <words>'],
        command: null,
      },
      {
        title: 'Third: backups, oldest first',
        text: 'Move them to another disk rather than delete them, and keep the newest that was verified.',
        lines: ['agor backup list'],
        command: null,
      },
      {
        title: 'Fourth: worktrees of agents that are done',
        text: 'Each is kept as a bundle, from which it can be restored.',
        lines: ['agor worktree list', 'agor worktree remove <worktree>'],
        command: 'agor.removeWorktree',
      },
      {
        title: 'Never: databases, logs of databases, marks',
        text: 'Files named sessions.db, btmsg.db, with -wal, .mark or .witness behind it, and outbox.db of an agent hold what was acknowledged. Deleting search.db alone is safe while no backend runs: it is made anew.',
        lines: [],
        command: null,
      },
      {
        title: 'See that writes go through again',
        text: 'The backend says healthy as soon as a write has succeeded. Then let the agents go on.',
        lines: ['agor health', 'agor agent resume <agent>'],
        command: 'agor.showHealth',
      },
      finish('disk'),
    ],
  },
  corruption: {
    title: 'Database corruption recovery',
    when: 'When the backend does not start because a database is damaged, or the doctor found changed rows. Never delete a database: what can still be read is in it.',
    steps: [
      {
        title: 'End the backend',
        text: 'Agents go on, and their sidecars keep what they do until a backend takes it in.',
        lines: ['agor backend stop'],
        command: null,
      },
      {
        title: 'Copy the data directory as it is',
        text: 'To another disk, before anything else touches it.',
        lines: ['cp -a ~/.local/share/agor <somewhere else>'],
        command: null,
      },
      {
        title: 'See what is wrong',
        text: 'Names each damaged database, the backups there are, and the commands for each way out. Changes nothing.',
        lines: ['agor recover'],
        command: 'agor.recoverData',
      },
      {
        title: 'Choose: keep every row that can still be read',
        text: 'The usual choice after a flipped bit, a cut log or a damaged page. Rows whose hash does not fit stay behind and are counted.',
        lines: ['agor recover <sessions or btmsg> --salvage'],
        command: 'agor.recoverData',
      },
      {
        title: 'Or: put a backup in its place',
        text: 'When little can be read. What came after the backup is gone from the database, and stays in the copy.',
        lines: ['agor recover <sessions or btmsg> --restore <backup>'],
        command: 'agor.recoverData',
      },
      {
        title: 'Or: go on without what was lost',
        text: 'When the last commits are gone and the rest is whole.',
        lines: ['agor recover <sessions or btmsg> --accept'],
        command: 'agor.recoverData',
      },
      {
        title: 'Read the report',
        text: 'Each recovery writes one into reports/ of the data directory: what was found, what was kept of each table, where the copy lies.',
        lines: [],
        command: null,
      },
      {
        title: 'Check all of it',
        text: 'Every row fits its hash and the audit chain holds; breaks that were there before are still told.',
        lines: ['agor doctor', 'agor audit verify'],
        command: 'agor.runDoctor',
      },
      {
        title: 'Look for the cause',
        text: 'Errors of the disk, a full one, or a network file system. Damage that came once comes again.',
        lines: ['sudo dmesg --level err,warn', 'df -h'],
        command: null,
      },
      finish('corruption'),
    ],
  },
  stuck: {
    title: 'Stuck agent',
    when: 'When an agent does nothing for long, or does the same again and again.',
    steps: [
      {
        title: 'Find it',
        text: 'Stalled: no sign for as long as is set. Held: a budget or a loop. Waiting: for your answer, a key or its turn. Only the first is stuck.',
        lines: ['agor agent list', 'agor health'],
        command: 'agor.showNeeds',
      },
      {
        title: 'See what it does',
        text: 'Its log says the last thing it heard of the program; a tool that takes long is no stall.',
        lines: ['agor agent logs <agent>', 'agor agent monitor <agent>'],
        command: 'agor.followAgentLog',
      },
      {
        title: 'Interrupt its turn',
        text: 'The program is asked to stop and keeps its session.',
        lines: ['agor agent interrupt <agent>'],
        command: 'agor.interruptAgent',
      },
      {
        title: 'Kill it safely',
        text: 'Ends the program and everything that it started, in order and then by force. What it has done is in the transcript; what was not begun waits.',
        lines: ['agor agent stop <agent>'],
        command: 'agor.stopAgent',
      },
      {
        title: 'Resume',
        text: 'Starts it again with the same session; failed attempts are forgotten. Prompts that it had not begun are given to it now.',
        lines: ['agor agent restart <agent>', 'agor agent resume <agent>'],
        command: 'agor.restartAgent',
      },
      {
        title: 'If it is stuck again',
        text: 'Begin a fresh session: the old one may hold what it stumbles over. It can be resumed later.',
        lines: ['agor session new <agent>', 'agor agent prompt <agent> "Go on with …" --wait'],
        command: 'agor.newSession',
      },
      finish('stuck'),
    ],
  },
};
