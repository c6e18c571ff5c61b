/** The fields of `groups.json`, each with what it means: for its schema's messages, and for the editor. */
import { agentKinds } from '../protocol/agent-kinds.ts';
import { AutonomousMode, WakeStrategy } from '../protocol/team.ts';

export type Field = {
  readonly says: string;
  /** What can stand there, as it is written. */
  readonly values?: readonly (string | boolean)[];
  readonly isNeeded?: true;
  /** Kept from the original and without effect here: why, and what to do. */
  readonly without?: string;
};
export type Fields = Readonly<Record<string, Field>>;

export const tierOneRoles = ['manager', 'architect', 'tester', 'reviewer'] as const;
/** Those that the catalogue has a command for. */
export const namedKinds = agentKinds.filter((kind) => kind !== 'command');
export const providers = ['claude', 'codex', 'acp', 'demo'] as const;

const flags = [true, false];
const contacts: Field = {
  says: 'Whom the agent may write to: ids or names of members of the group, or "person". Without it, the usual contacts of its role.',
};
const command: Field = { says: 'The program and its arguments, one text each, for the provider "acp": ["gemini", "--experimental-acp"].' };
const provider: Field = {
  says: 'How the agent is driven: Claude Code, Codex, any program that speaks ACP, or the demo agent.',
  values: providers,
};
const kind: Field = {
  says: 'Which agent of the catalogue it is ("agor catalogue"), instead of "provider" and "command".',
  values: namedKinds,
};
const model: Field = { says: "The model it is to use, where its program lets one choose. Without it, the program's own." };
const systemPrompt: Field = { says: 'What the agent is told in its first prompt, beside its role, its team and how to write to them.' };
const autonomousMode: Field = {
  says: 'Whether it is to ask before it decides ("restricted", the default) or to go on by itself ("autonomous").',
  values: AutonomousMode.options,
};

export const fileFields: Fields = {
  version: { says: 'The form of this file: 1.', isNeeded: true },
  activeGroupId: { says: 'The id of the group that the person works with now.' },
  groups: { says: 'The groups: who works together, on which projects.', isNeeded: true },
};

export const groupFields: Fields = {
  id: { says: 'What the group is known by; it stays when the name changes.', isNeeded: true },
  name: { says: 'What people call the group.', isNeeded: true },
  projects: { says: 'The projects of the group, each a folder with an agent of its own.', isNeeded: true },
  agents: { says: 'The agents that lead and check: manager, architect, tester, reviewer.' },
};

export const projectFields: Fields = {
  id: { says: 'What the project is known by within the group; it stays when the name changes.', isNeeded: true },
  name: { says: 'What people call the project.', isNeeded: true },
  identifier: { says: 'The name of the project\'s agent. Without it, the name in lower case with "-" for spaces.' },
  description: { says: 'What the project is about, in a sentence; its team reads it.' },
  icon: { says: 'Kept for other programs.', without: 'Projects have no pictures of their own here.' },
  cwd: {
    says: 'The folder of the project: absolute, or beginning with "~/". It becomes a project that is not trusted yet.',
    isNeeded: true,
  },
  profile: { says: 'Kept for other programs.', without: 'Give an agent its key with "Agor: Change Credentials".' },
  enabled: { says: 'false: the project has no agent.', values: flags },
  kind,
  provider,
  model,
  command,
  useWorktrees: { says: 'Kept for other programs.', values: flags, without: "The agent works in the project's folder itself." },
  sandboxEnabled: { says: 'false: the agent is not fenced in. true: as the settings say.', values: flags },
  autonomousMode,
  stallThresholdMin: {
    says: 'An agent that works and says nothing for this many minutes is shown as stalled. Without it, as the settings say.',
  },
  isAgent: { says: 'false: the project has no agent.', values: flags },
  agentRole: { says: 'The role of the project\'s agent; "project" where it is not given.', values: [...tierOneRoles, 'project'] },
  systemPrompt,
  contacts,
};

export const agentFields: Fields = {
  id: { says: 'What the agent is known by within the group; it stays when the name changes.', isNeeded: true },
  name: { says: 'What the others call it, and write to.', isNeeded: true },
  role: { says: 'What it does in the group, and may do on the board.', values: tierOneRoles, isNeeded: true },
  kind,
  provider,
  model,
  command,
  cwd: { says: 'The folder it works in: absolute, or beginning with "~/". Without it, that of the group\'s first project.' },
  systemPrompt,
  enabled: { says: 'false: it is neither woken nor given messages.', values: flags },
  wakeIntervalMin: { says: 'It is woken every this many minutes; 3 where it is not given.' },
  wakeStrategy: {
    says: 'persistent: stays up and is refreshed; on-demand: a fresh session each time; smart: a fresh session when the score reaches the threshold. Without it, never woken.',
    values: WakeStrategy.options,
  },
  wakeThreshold: { says: 'From 0 to 1: the score from which "smart" wakes it; 0.5 where it is not given.' },
  autonomousMode,
  contacts,
};
