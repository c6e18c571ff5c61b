/** What `groups.json` may hold. What is missing has its default where it is used; what is unknown is passed over. */
import * as z from 'zod/mini';
import { limits } from '../protocol/errors.ts';
import { AutonomousMode, WakeStrategy } from '../protocol/team.ts';
import { namedKinds, providers, tierOneRoles } from './group-fields.ts';

/** Names that the original knows and that are written in another way here, with a program that can stand for each. */
const otherProviders: Readonly<Record<string, string>> = {
  ollama: '["opencode", "acp"]',
  aider: '["aider-acp"]',
};

const text = () => z.string('a text is expected');
const textUpTo = (chars: number) => text().check(z.maxLength(chars, `at most ${chars} characters`));
const someText = () => text().check(z.regex(/\S/, 'a text that is not empty is expected'), z.maxLength(4_000, 'at most 4000 characters'));
const shortText = () =>
  someText().check(
    z.maxLength(limits.nameChars, `at most ${limits.nameChars} characters`),
    z.regex(/^[^\p{Cc}]*$/u, 'no control characters'),
  );
const flag = () => z.boolean('true or false is expected');
const between = (min: number, max: number) => {
  const expected = `a number from ${min} to ${max} is expected`;
  return z.number(expected).check(z.minimum(min, expected), z.maximum(max, expected));
};
const oneOf = <const T extends readonly string[]>(values: T) => z.enum(values, `one of ${values.map(quoted).join(', ')} is expected`);
const texts = () => z.array(someText(), 'a list of texts is expected').check(z.maxLength(100, 'at most 100 are possible'));

const Provider = z.enum(providers, { error: ({ input }) => providerMessage(input) });

const shared = {
  kind: z.optional(oneOf(namedKinds)),
  provider: z.optional(Provider),
  model: z.optional(z.nullable(shortText())),
  command: z.optional(texts()),
  systemPrompt: z.optional(textUpTo(limits.systemPromptChars)),
  autonomousMode: z.optional(oneOf(AutonomousMode.options)),
  contacts: z.optional(texts()),
  enabled: z.optional(flag()),
};

export const GroupProject = z.object({
  ...shared,
  id: shortText(),
  name: shortText(),
  identifier: z.optional(shortText()),
  description: z.optional(textUpTo(limits.descriptionChars)),
  cwd: someText(),
  useWorktrees: z.optional(flag()),
  sandboxEnabled: z.optional(flag()),
  stallThresholdMin: z.optional(between(1, 1440)),
  isAgent: z.optional(flag()),
  agentRole: z.optional(oneOf([...tierOneRoles, 'project'])),
});
export type GroupProject = z.infer<typeof GroupProject>;

export const GroupAgent = z.object({
  ...shared,
  id: shortText(),
  name: shortText(),
  role: oneOf(tierOneRoles),
  cwd: z.optional(someText()),
  wakeIntervalMin: z.optional(between(1, 1440)),
  wakeStrategy: z.optional(z.nullable(oneOf(WakeStrategy.options))),
  wakeThreshold: z.optional(between(0, 1)),
});
export type GroupAgent = z.infer<typeof GroupAgent>;

export const Group = z.object({
  id: shortText(),
  name: shortText(),
  projects: z.array(GroupProject, 'a list of projects is expected'),
  agents: z.optional(z.array(GroupAgent, 'a list of agents is expected')),
});
export type Group = z.infer<typeof Group>;

export const GroupFile = z.object(
  {
    version: z.literal(1, '1 is expected'),
    activeGroupId: z.optional(z.nullable(text())),
    groups: z.array(Group, 'a list of groups is expected'),
  },
  'an object with "version" and "groups" is expected',
);
export type GroupFile = z.infer<typeof GroupFile>;

function providerMessage(input: unknown): string {
  const command = typeof input === 'string' ? otherProviders[input.toLowerCase()] : undefined;
  if (command === undefined) return `one of ${providers.map(quoted).join(', ')} is expected`;
  return `"${input}" is spoken to over ACP here: write "provider": "acp" and "command": ${command}, or another program that speaks ACP`;
}

function quoted(value: string): string {
  return `"${value}"`;
}
