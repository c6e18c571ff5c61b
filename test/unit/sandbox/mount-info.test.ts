import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mountPoints } from '../../../server/sandbox/mount-info.ts';

test('mount points are found, also those with spaces in their names', () => {
  const lines = ['22 28 0:21 / /proc rw,nosuid - proc proc rw', '31 28 254:0 /a\\040b /home/ada/a\\040b\\134c ro - ext4 /dev/vda rw', ''];
  assert.deepEqual([...mountPoints(lines.join('\n'))], ['/proc', '/home/ada/a b\\c', '']);
});
