import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AuditEvent } from '../../../server/protocol/audit.ts';
import { alertEvents, auditGroups } from '../../../server/protocol/audit-groups.ts';

test('every event is in one group, and every alert is an event', () => {
  const grouped: string[] = Object.values(auditGroups).flat();
  assert.deepEqual(grouped.toSorted(), AuditEvent.options.toSorted());
  assert.deepEqual(
    alertEvents.filter((event) => !grouped.includes(event)),
    [],
  );
});
