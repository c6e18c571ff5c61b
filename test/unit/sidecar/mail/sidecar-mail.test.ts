import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SidecarMail } from '../../../../server/sidecar/mail/sidecar-mail.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

test('what an earlier sidecar left in the outbox goes before what the agent writes now', async () => {
  const steps: string[] = [];
  const mail = new SidecarMail({
    record: { agentDir: '/agents/one' },
    clock: new FakeClock(),
    backend: {
      request: async (method) => {
        steps.push(method);
        // As the backend answers any call here.
        return { result: {} } as never;
      },
    },
    session: () => undefined,
    keepNow: () => {},
    outbox: { lastSeq: () => 7, taken: async (seq) => void steps.push(`taken up to ${seq}`) },
    log: () => {},
  });
  await mail.call('message/send', { to: 'lead', text: 'Hello' });
  assert.deepEqual(steps, ['taken up to 7', 'run/call']);
});
