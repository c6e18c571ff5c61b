/** Which models an ACP agent offers, and how one of them is asked for: a config option, or the older `models` field. */
import * as z from 'zod/mini';

export type ModelChoice = {
  readonly current: string | null;
  readonly offered: readonly string[];
  /** Null for an agent of the older form. */
  readonly configId: string | null;
};

const Option = z.object({ value: z.string() });
const Group = z.object({ options: z.array(Option) });
const ConfigOption = z.object({
  id: z.string(),
  type: z.literal('select'),
  category: z.literal('model'),
  currentValue: z.string(),
  options: z.array(z.union([Group, Option])),
});
const Models = z.object({ currentModelId: z.string(), availableModels: z.array(z.object({ modelId: z.string() })) });
const SessionAnswer = z.object({ configOptions: z.optional(z.nullable(z.array(z.unknown()))), models: z.optional(z.unknown()) });

/** From the answer to `session/new` or `session/load`; null when the agent offers no choice. */
export function modelChoice(sessionAnswer: unknown): ModelChoice | null {
  const answer = SessionAnswer.safeParse(sessionAnswer);
  if (!answer.success) return null;
  for (const candidate of answer.data.configOptions ?? []) {
    const option = ConfigOption.safeParse(candidate);
    if (option.success) return fromConfigOption(option.data);
  }
  const models = Models.safeParse(answer.data.models);
  if (!models.success) return null;
  return { current: models.data.currentModelId, offered: models.data.availableModels.map((model) => model.modelId), configId: null };
}

function fromConfigOption(option: z.infer<typeof ConfigOption>): ModelChoice {
  const offered = option.options.flatMap((entry) => ('options' in entry ? entry.options : [entry])).map((entry) => entry.value);
  return { current: option.currentValue, offered, configId: option.id };
}
