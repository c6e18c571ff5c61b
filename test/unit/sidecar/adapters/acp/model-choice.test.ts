import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { modelChoice } from '../../../../../server/sidecar/adapters/acp/model-choice.ts';

const option = (more: object) => ({ id: 'm', name: 'Model', type: 'select', category: 'model', currentValue: 'a', ...more });

describe('the models that an agent offers', () => {
  it('come as a config option, in groups or without', () => {
    const flat = option({
      options: [
        { value: 'a', name: 'A' },
        { value: 'b', name: 'B' },
      ],
    });
    const grouped = option({ options: [{ group: 'g', name: 'G', options: [{ value: 'a', name: 'A' }] }] });
    assert.deepEqual(modelChoice({ configOptions: [{ id: 'mode', type: 'boolean' }, flat] }), {
      current: 'a',
      offered: ['a', 'b'],
      configId: 'm',
    });
    assert.deepEqual(modelChoice({ configOptions: [grouped] })?.offered, ['a']);
  });

  it('come in the older form too', () => {
    const models = {
      currentModelId: 'x',
      availableModels: [
        { modelId: 'x', name: 'X' },
        { modelId: 'y', name: 'Y' },
      ],
    };
    assert.deepEqual(modelChoice({ configOptions: null, models }), { current: 'x', offered: ['x', 'y'], configId: null });
  });

  it('are nothing where nothing is offered', () => {
    for (const answer of [{}, null, undefined, { configOptions: [] }, { models: 'x' }]) assert.equal(modelChoice(answer), null);
  });
});
