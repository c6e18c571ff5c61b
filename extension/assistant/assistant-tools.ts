/** The tools that VS Code's own chat gets: what is written through them is written as the assistant, after the person said yes. */
import {
  type CancellationToken,
  type Disposable,
  LanguageModelTextPart,
  type LanguageModelTool,
  LanguageModelToolResult,
  l10n,
  lm,
  MarkdownString,
  type PreparedToolInvocation,
} from 'vscode';
import * as z from 'zod/mini';
import { TaskPriority } from '../../server/protocol/task.ts';
import { toAgorError } from '../backend/rpc-failure.ts';
import { visible } from '../text/visible-text.ts';
import type { AssistantConnection } from './assistant-connection.ts';
import { inboxText, sentText, statusText, taskLine, taskListText } from './assistant-text.ts';

type Calls = Pick<AssistantConnection, 'call'>;

/** One tool: its input is checked again here, because a model wrote it. */
type Tool<S extends z.ZodMiniType> = {
  readonly input: S;
  readonly progress: () => string;
  /** What the person confirms; none for a tool that only reads. */
  readonly confirm?: (input: z.infer<S>) => { readonly title: string; readonly text: string };
  readonly run: (calls: Calls, input: z.infer<S>, token: CancellationToken) => Promise<string>;
};

const team = z.optional(z.string());

function tool<S extends z.ZodMiniType>(definition: Tool<S>): Tool<S> {
  return definition;
}

const sendMessage = tool({
  input: z.object({ to: z.string(), text: z.string(), expectsReply: z.optional(z.boolean()), team }),
  progress: () => l10n.t('Writing to an agent'),
  confirm: ({ to, text }) => ({ title: l10n.t('Write to {0}?', to), text }),
  run: async (calls, input, token) => sentText(await calls.call('message/send', input, token)),
});

const readInbox = tool({
  input: z.object({ all: z.optional(z.boolean()) }),
  progress: () => l10n.t('Reading messages of agents'),
  run: async (calls, input, token) => inboxText(await calls.call('message/inbox', { ...input, limit: 50 }, token)),
});

const teamStatus = tool({
  input: z.object({ team }),
  progress: () => l10n.t('Looking at the team'),
  run: async (calls, input, token) => statusText(await calls.call('message/status', input, token)),
});

const listTasks = tool({
  input: z.object({ team, all: z.optional(z.boolean()), assignee: z.optional(z.string()) }),
  progress: () => l10n.t('Looking at the board'),
  run: async (calls, input, token) => taskListText(await calls.call('task/list', input, token)),
});

const addTask = tool({
  input: z.object({
    ...{ title: z.string(), description: z.optional(z.string()), team, assign: z.optional(z.string()) },
    priority: z.optional(TaskPriority),
  }),
  progress: () => l10n.t('Adding a task to the board'),
  confirm: ({ title, description, assign }) => ({
    title: assign ? l10n.t('Add a task for {0}?', assign) : l10n.t('Add a task to the board?'),
    text: [title, description ?? ''].filter(Boolean).join('\n\n'),
  }),
  run: async (calls, input, token) => `Added ${taskLine(await calls.call('task/add', input, token))}`,
});

export function registerAssistantTools(calls: Calls): Disposable[] {
  return [
    lm.registerTool('agor_send_message', asLanguageModelTool(sendMessage, calls)),
    lm.registerTool('agor_read_inbox', asLanguageModelTool(readInbox, calls)),
    lm.registerTool('agor_team_status', asLanguageModelTool(teamStatus, calls)),
    lm.registerTool('agor_list_tasks', asLanguageModelTool(listTasks, calls)),
    lm.registerTool('agor_add_task', asLanguageModelTool(addTask, calls)),
  ];
}

function asLanguageModelTool<S extends z.ZodMiniType>(definition: Tool<S>, calls: Calls): LanguageModelTool<unknown> {
  return {
    prepareInvocation: ({ input }) => prepared(definition, input),
    invoke: async ({ input }, token) => {
      const text = await answer(definition, calls, { input, token });
      return new LanguageModelToolResult([new LanguageModelTextPart(text)]);
    },
  };
}

/** A refusal is told to the model as it would be to a person: it says what to do. */
async function answer<S extends z.ZodMiniType>(
  { input: schema, run }: Tool<S>,
  calls: Calls,
  { input, token }: { readonly input: unknown; readonly token: CancellationToken },
): Promise<string> {
  const parsed = schema.safeParse(input);
  if (!parsed.success) throw new Error(`The input does not fit: ${z.prettifyError(parsed.error)}`);
  try {
    return await run(calls, parsed.data, token);
  } catch (error) {
    throw new Error(toAgorError(error, l10n.t).message, { cause: error });
  }
}

/** Shown word for word, with what is invisible written out: the person answers for what is sent. */
function prepared<S extends z.ZodMiniType>({ input: schema, progress, confirm }: Tool<S>, input: unknown): PreparedToolInvocation {
  const parsed = schema.safeParse(input);
  if (!confirm || !parsed.success) return { invocationMessage: progress() };
  const { title, text } = confirm(parsed.data);
  return {
    invocationMessage: progress(),
    confirmationMessages: { title: visible(title), message: new MarkdownString().appendText(visible(text)) },
  };
}
