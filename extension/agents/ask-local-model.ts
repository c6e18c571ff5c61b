/** Asks for a model of one's own server: which it is, and where. */
import { l10n } from 'vscode';
import { type LocalModel, localModel, modelUrlFault, usualModelUrl } from '../../server/protocol/local-model.ts';
import { type Answer, back, inputStep } from '../picks/pick-steps.ts';

export async function askLocalModel(): Promise<Answer<LocalModel>> {
  const title = l10n.t('A Model of Your Own Server');
  for (;;) {
    const model = await inputStep(
      { title },
      {
        prompt: l10n.t('The model, as your server calls it.'),
        placeholder: 'qwen3:8b',
        problem: (value) => (value.trim() === '' ? l10n.t('Type the name of the model.') : undefined),
      },
    );
    if (model === undefined || model === back) return model;
    const url = await inputStep(
      { title },
      { prompt: l10n.t('Where the server is.'), value: usualModelUrl, problem: (value) => modelUrlFault(value.trim()) },
    );
    if (url === undefined) return undefined;
    if (url !== back) return localModel(url.trim(), model.trim());
  }
}
