/** An agent, its sessions and transcripts, made up so that every kind of row is there. */

import type { Agent } from '../../../server/protocol/agent.ts';
import type { PermissionRequest, Usage } from '../../../server/protocol/agent-event.ts';
import type { SandboxState } from '../../../server/protocol/sandbox.ts';
import type { Item, Session } from '../../../server/protocol/session.ts';

export const startedAt = 1_795_000_000_000;

/** Ids that are easy to read; the brand only says what each is for. */
export function id<Id extends string>(kind: string, number: number): Id {
  return `${kind.padStart(8, '0').slice(0, 8)}-0000-7000-8000-${number.toString(16).padStart(12, '0')}` as Id;
}

export const usage: Usage = {
  inputTokens: 41_200,
  outputTokens: 5_830,
  cacheReadTokens: 180_000,
  cacheWriteTokens: 22_000,
  contextTokens: 68_400,
  contextWindowTokens: 200_000,
  costUsd: 0.214,
};

export function sampleSession(number: number, title: string): Session {
  return {
    id: id('ce55', number),
    agentId: id('a9e7', 1),
    projectId: id('9407', 1),
    title,
    providerSessionId: null,
    model: 'claude-opus-4-5',
    usage,
    itemCount: 0,
    turnCount: 3,
    createdAt: startedAt,
    lastActiveAt: startedAt - number * 5_400_000,
  };
}

export function sampleAgent(): Agent {
  return {
    id: id('a9e7', 1),
    projectId: id('9407', 1),
    name: 'reviewer',
    provider: 'claude',
    command: [],
    model: 'claude-opus-4-5',
    credentials: 'login',
    state: 'idle',
    stateDetail: '',
    paused: false,
    mode: 'ask',
    hold: null,
    sessionId: id('ce55', 1),
    queuedPrompts: 0,
    openApprovals: 0,
    capabilities: null,
    usage,
    runtime: null,
    secrets: [],
    sandboxMode: 'preferred',
    network: 'open',
    sandbox: null,
    resources: null,
    sidecarHealth: { state: 'healthy' },
    poisonedEvents: 0,
    createdAt: startedAt,
  };
}

type Draft<T> = T extends Item ? Omit<T, 'id' | 'turnId' | 'ordinal' | 'at'> : never;

/** Gives items what they have in common. */
export function numbered(drafts: readonly Draft<Item>[], from = 1): Item[] {
  return drafts.map((draft, index) => {
    const ordinal = from + index;
    return { ...draft, id: id('17e3', ordinal), turnId: id('7042', 1), ordinal, at: startedAt + ordinal * 1000 } as Item;
  });
}

export const askToRun: PermissionRequest = {
  title: 'Run the tests of the session store',
  toolName: 'Bash',
  toolKind: 'execute',
  command: 'npm test -- --run test/unit/store \\\n  && git commit -am "store: keep drafts"',
  cwd: '/home/ada/projects/orchestrator',
  resolved: null,
  content: [],
  reason: 'The change touches how transcripts are stored; the tests show whether old ones still open.',
  decisions: ['allowOnce', 'allowSession', 'deny'],
};

export const askHidden: PermissionRequest = {
  ...askToRun,
  title: 'Remove build output',
  command: 'rm -rf ./dist\u202e gpj.tsil \u202c\u200b# only the\u00a0build',
  reason: null,
};

const oldText = [
  "import { open } from './open.ts';",
  '',
  'export function read(id: string) {',
  '  const db = open();',
  '  return db.get(id);',
  '}',
].join('\n');
const newText = [
  "import { open } from './open.ts';",
  '',
  '/** The draft survives a reload. */',
  'export function read(id: SessionId): Session {',
  '  using db = open();',
  '  return db.get(id);',
  '}',
].join('\n');
export const sampleDiff = { type: 'diff', path: 'server/store/sessions.ts', oldText, newText } as const;

export const answer = `The store loses a draft because \`read()\` opens a second connection. There are **two causes**:

1. The connection is not closed, so the [WAL](https://www.sqlite.org/wal.html) grows without bound.
2. \`SessionId\` is not checked; see [sessions.ts](server/store/sessions.ts:12).

## What I changed

\`\`\`ts
export async function keepDraft(id: SessionId, text: string): Promise<void> {
  // One transaction, so that a reload never sees half of it.
  await store.write((db) => db.prepare('update session set draft = ? where id = ?').run(text, id));
}
\`\`\`

| Step | Before | After |
| :--- | ---: | ---: |
| open | 14 ms | 3 ms |
| read | 2 ms | 2 ms |

> The numbers are from one run on this machine.

Shall I run the tests?`;

export function sampleItems(): Item[] {
  const noUsage = { ...usage, costUsd: 0.05 };
  return numbered([
    { kind: 'prompt', promptId: id('9409', 1), text: 'Why does the draft get lost when I reload the window?', state: 'sent' },
    {
      kind: 'thinking',
      text: '**Looking at the store** first, because a reload reads from it.\n\nThen the panel.',
      complete: true,
      interrupted: false,
    },
    {
      kind: 'plan',
      entries: [
        { text: 'Read the session store', status: 'done' },
        { text: 'Close the second connection', status: 'running' },
        { text: 'Run the tests of the store', status: 'pending' },
      ],
    },
    tool('read', 'Read server/store/sessions.ts', 'ok', {
      content: [{ type: 'text', text: oldText }],
      input: { path: 'server/store/sessions.ts' },
    }),
    tool('search', 'Search for “openDatabase(”', 'ok', { content: [], input: { pattern: 'openDatabase(' } }),
    tool('edit', 'Edit server/store/sessions.ts', 'ok', { content: [sampleDiff], input: { path: 'server/store/sessions.ts' } }),
    tool('execute', 'npm run typecheck', 'failed', {
      content: [
        {
          type: 'text',
          text: '\u001b[31merror\u001b[0m TS2322: Type string is not assignable to type SessionId.\n  at server/store/sessions.ts:12:7',
        },
      ],
      input: { command: 'npm run typecheck' },
    }),
    {
      kind: 'permission',
      approvalId: id('a440', 1),
      toolItemId: null,
      request: { ...askToRun, title: 'Edit server/store/sessions.ts', command: null, content: [sampleDiff] },
      hash: 'hash-1',
      state: 'allowedOnce',
      answeredBy: 'extension',
      answeredAt: startedAt,
    },
    { kind: 'notice', level: 'warning', text: 'The model is overloaded. Trying again in 4 s (2 of 10).' },
    { kind: 'text', text: answer, complete: true, interrupted: false },
    { kind: 'turnEnd', reason: 'completed', failure: null, durationMs: 48_200, usage: noUsage },
    { kind: 'prompt', promptId: id('9409', 2), text: 'Yes. And commit it when they pass.', state: 'sent' },
    { kind: 'text', text: 'I will run the tests of the store and commit when they pass.', complete: true, interrupted: false },
    {
      kind: 'permission',
      approvalId: id('a440', 2),
      toolItemId: null,
      request: askToRun,
      hash: 'hash-2',
      state: 'open',
      answeredBy: null,
      answeredAt: null,
    },
  ]);
}

export const fenced: SandboxState = {
  ...{ files: 'partial', network: 'open', mode: 'preferred', layers: [], landlockAbi: null },
  ...{ gaps: ['Sockets of the session bus can be reached.'], remedy: 'Install bubblewrap.' },
};

/** Kinds that no ordinary conversation has. */
export function rareItems(): Item[] {
  const failure = { type: 'unknown', message: 'The model is overloaded.', retryable: true } as const;
  return numbered(
    [
      { kind: 'mail', messageIds: [id('3e55', 1)], by: 'stop', text: 'From builder: done.' },
      { kind: 'prompt', promptId: id('9409', 8), text: 'Two tasks wait for review.', state: 'sent', origin: 'wake' },
      { kind: 'thinking', text: 'It stops in the middle', complete: true, interrupted: true },
      { kind: 'notice', level: 'error', text: 'Told', retry: { attempt: 1, maxAttempts: 2, until: startedAt, failure, isOver: false } },
      { kind: 'turnEnd', reason: 'failed', failure, durationMs: 900, usage: null },
      { kind: 'prompt', promptId: id('9409', 9), text: 'Wait for it.', state: 'queued' },
    ],
    100,
  );
}

export function manyItems(count: number): Item[] {
  return Array.from({ length: count }, (_, index) => numbered([manyDraft(index)], index + 1)).flat();
}

function manyDraft(index: number): Draft<Item> {
  if (index % 5 === 0) return { kind: 'prompt', promptId: id('9409', index), text: `Prompt number ${index}: what next?`, state: 'sent' };
  if (index % 5 === 1) {
    return tool('execute', `npm run step-${index}`, 'ok', {
      content: [{ type: 'text', text: `step ${index} done` }],
      input: { command: 'x' },
    });
  }
  if (index % 5 === 4) return { kind: 'turnEnd', reason: 'completed', failure: null, durationMs: 4000 + index, usage: null };
  const code = `\`\`\`ts\nconst step${index} = await run({ id: ${index}, retries: 3 });\n\`\`\`\n\n`;
  const sentences = `Message ${index} says that **something** happened with \`file-${index}.ts\`. `.repeat(1 + (index % 7));
  return { kind: 'text', text: `${sentences}\n\n${index % 3 === 0 ? code : ''}- one\n- two`, complete: true, interrupted: false };
}

type Tool = Extract<Draft<Item>, { kind: 'tool' }>;

export function tool(toolKind: Tool['toolKind'], title: string, status: Tool['status'], rest: Pick<Tool, 'content' | 'input'>): Tool {
  return {
    kind: 'tool',
    parentItemId: null,
    name: toolKind,
    title,
    toolKind,
    status,
    omittedChars: 0,
    endedAt: startedAt + 9_000,
    ...rest,
  };
}
