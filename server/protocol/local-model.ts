/**
 * A model on one's own computer (Ollama, LM Studio, llama.cpp) or in one's own network, without an account: OpenCode speaks to
 * whatever speaks OpenAI's Chat Completions. Pure.
 */

/** Where Ollama listens. */
export const usualModelUrl = 'http://127.0.0.1:11434/v1';

export type LocalModel = {
  /** For `agent/add`. */
  readonly model: string;
  readonly environment: Readonly<Record<string, string>>;
};

/** By a variable of such a name, the fence knows which port the program needs. */
const urlVariable = 'LOCAL_MODEL_BASE_URL';
const provider = 'local';

/** `model` as the server calls it. It is the only one that is offered, so that nothing goes to a service by mistake. */
export function localModel(url: string, model: string): LocalModel {
  const name = `${provider}/${model}`;
  const server = {
    npm: '@ai-sdk/openai-compatible',
    name: 'Local',
    options: { baseURL: `{env:${urlVariable}}` },
    models: { [model]: { name: model } },
  };
  const config = { model: name, small_model: name, enabled_providers: [provider], share: 'disabled', provider: { [provider]: server } };
  return {
    model: name,
    environment: { [urlVariable]: url, OPENCODE_CONFIG_CONTENT: JSON.stringify(config), OPENCODE_DISABLE_MODELS_FETCH: '1' },
  };
}

/** What is wrong with the address, in a sentence; undefined for one that can be used. */
export function modelUrlFault(url: string): string | undefined {
  if (!/^https?:\/\/[^\s/?#]+([/?#]\S*)?$/.test(url)) {
    return `"${url}" is no address of a server. It begins with http:// or https:// and mostly ends in /v1, like ${usualModelUrl}.`;
  }
  return /^https?:\/\/[^/?#]*@/.test(url) ? 'The address must not hold a password, which would be kept on disk.' : undefined;
}
