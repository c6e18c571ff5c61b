import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { modeChoice, modelChoice } from '../../../../../server/sidecar/adapters/acp/session-choice.ts';

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

describe('the modes that an agent offers', () => {
  const mode = {
    id: 'mode',
    name: 'Mode',
    type: 'select',
    category: 'mode',
    currentValue: 'build',
    options: [{ value: 'build', name: 'b' }],
  };

  it('come as a config option, beside that of the models', () => {
    const answer = { configOptions: [option({ options: [{ value: 'a', name: 'A' }] }), mode] };
    assert.deepEqual(modeChoice(answer), { current: 'build', offered: ['build'], configId: 'mode' });
    assert.equal(modelChoice(answer)?.configId, 'm');
  });

  it('come in the older form too, and the newer one counts where both come', () => {
    const modes = {
      currentModeId: 'default',
      availableModes: [
        { id: 'default', name: 'D' },
        { id: 'yolo', name: 'Y' },
      ],
    };
    assert.deepEqual(modeChoice({ modes }), { current: 'default', offered: ['default', 'yolo'], configId: null });
    assert.equal(modeChoice({ modes, configOptions: [mode] })?.current, 'build');
  });

  it('are nothing where the answer is of another shape', () => {
    for (const answer of [null, {}, { modes: [] }, { modes: { currentModeId: 3 } }, { configOptions: 'x' }])
      assert.equal(modeChoice(answer), null);
  });
});
