/** What an ACP session lets one choose, its model and its mode: a config option, or the older fields `models` and `modes`. */
import * as z from 'zod/mini';

export type SessionChoice = {
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
  category: z.string(),
  currentValue: z.string(),
  options: z.array(z.union([Group, Option])),
});
const Models = z.object({ currentModelId: z.string(), availableModels: z.array(z.object({ modelId: z.string() })) });
const Modes = z.object({ currentModeId: z.string(), availableModes: z.array(z.object({ id: z.string() })) });
const SessionAnswer = z.object({
  configOptions: z.optional(z.nullable(z.array(z.unknown()))),
  models: z.optional(z.unknown()),
  modes: z.optional(z.unknown()),
});

/** From the answer to `session/new` or `session/load`; null when the agent offers no choice. */
export function modelChoice(sessionAnswer: unknown): SessionChoice | null {
  const option = configOption(sessionAnswer, 'model');
  if (option !== null) return option;
  const models = Models.safeParse(SessionAnswer.safeParse(sessionAnswer).data?.models);
  if (!models.success) return null;
  const { currentModelId: current, availableModels } = models.data;
  return { current, offered: availableModels.map((model) => model.modelId), configId: null };
}

/** Also from a `config_option_update`, which has the same options. */
export function modeChoice(sessionAnswer: unknown): SessionChoice | null {
  const option = configOption(sessionAnswer, 'mode');
  if (option !== null) return option;
  const modes = Modes.safeParse(SessionAnswer.safeParse(sessionAnswer).data?.modes);
  if (!modes.success) return null;
  const { currentModeId: current, availableModes } = modes.data;
  return { current, offered: availableModes.map((mode) => mode.id), configId: null };
}

function configOption(sessionAnswer: unknown, category: string): SessionChoice | null {
  const options = SessionAnswer.safeParse(sessionAnswer).data?.configOptions ?? [];
  const known = options.flatMap((candidate) => ConfigOption.safeParse(candidate).data ?? []);
  const option = known.find((one) => one.category === category);
  if (option === undefined) return null;
  const offered = option.options.flatMap((entry) => ('options' in entry ? entry.options : [entry])).map((entry) => entry.value);
  return { current: option.currentValue, offered, configId: option.id };
}
