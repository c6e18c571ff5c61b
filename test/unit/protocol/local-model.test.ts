/** What OpenCode is told of a model of one's own. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { localModel, modelUrlFault, usualModelUrl } from '../../../server/protocol/local-model.ts';
import { endpointPorts } from '../../../server/sandbox/endpoint-ports.ts';

test('it is the only model, and the fence knows its port', () => {
  const { model, environment } = localModel('http://127.0.0.1:1234/v1', 'qwen3:8b');
  assert.equal(model, 'local/qwen3:8b');
  const config = JSON.parse(environment.OPENCODE_CONFIG_CONTENT ?? '');
  assert.deepEqual([config.model, config.small_model, config.enabled_providers], [model, model, ['local']]);
  assert.deepEqual(Object.keys(config.provider.local.models), ['qwen3:8b']);
  assert.deepEqual(endpointPorts(environment), [1234]);
});

test('an address that is none, or that holds a password, is refused', () => {
  for (const url of ['', 'localhost:11434', 'file:///etc/passwd', '/v1']) assert.match(modelUrlFault(url) ?? '', /is no address/, url);
  assert.match(modelUrlFault('http://me:secret@host/v1') ?? '', /must not hold a password/);
  for (const url of [usualModelUrl, 'https://models.example/v1']) assert.equal(modelUrlFault(url), undefined);
});
