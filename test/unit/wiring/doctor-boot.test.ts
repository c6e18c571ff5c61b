import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AgorError } from '../../../server/protocol/errors.ts';
import type { AgentId } from '../../../server/protocol/ids.ts';
import { promptDemo } from '../../../server/wiring/doctor-boot.ts';

test('a backend that refuses the prompt, or ends under it, is why the step failed, and ends no program', async () => {
  const lost = new AgorError('unavailable', 'The connection to the backend was lost.');
  // An id of no agent: nobody looks at it.
  const agent = 'demo' as AgentId;
  await assert.rejects(promptDemo({ call: () => Promise.reject(lost), on: () => () => {} }, agent), lost);
});
