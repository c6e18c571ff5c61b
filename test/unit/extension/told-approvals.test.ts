import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isToldElsewhere, sayToldHere } from '../../../extension/told-approvals.ts';
import { sampleApproval } from '../../support/protocol-samples.ts';

type Call = Parameters<typeof sayToldHere>[0]['call'];

/** Keeps what is put, as the backend does. */
function backend(): { call: Call } {
  const states = new Map<string, unknown>();
  const call = async (method: string, params: Record<string, unknown>) => {
    if (method === 'view/put') states.set(String(params.key), params.state);
    return { state: states.get(String(params.key)) ?? null };
  };
  // It answers the two methods that are asked here.
  return { call: call as unknown as Call };
}

test('a question that one window tells is left to it by the others', async () => {
  const shared = backend();
  const [told, untold] = [sampleApproval(), sampleApproval()];
  await sayToldHere(shared, told.projectId, [told.id]);
  assert.equal(await isToldElsewhere(shared, told), true);
  assert.equal(await isToldElsewhere(shared, { ...untold, projectId: told.projectId }), false);
  assert.equal(await isToldElsewhere(shared, untold), false);
});

test('while the backend is away each window tells for itself', async () => {
  const away = { call: (() => Promise.reject(new Error('away'))) as Call };
  await sayToldHere(away, 'project', []);
  assert.equal(await isToldElsewhere(away, sampleApproval()), false);
});
