import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { demoSettings } from '../../../server/demo-agent/settings.ts';

describe('the settings of the demo agent', () => {
  it('take the first folder that is named', () => {
    assert.equal(demoSettings({ AGOR_DEMO_STATE_DIR: '/a', XDG_STATE_HOME: '/b' }).stateDir, '/a');
    assert.equal(demoSettings({ XDG_STATE_HOME: '/b' }).stateDir, '/b/agor-demo');
    assert.match(demoSettings({}).stateDir, /agor-demo-/);
  });

  it('take a speed that is a number of at least 0, else 1', () => {
    const speed = (value: string) => demoSettings({ AGOR_DEMO_SPEED: value }).speed;
    assert.deepEqual(['0', '2.5', '', '-1', 'fast', 'Infinity'].map(speed), [0, 2.5, 1, 1, 1, 1]);
    assert.equal(demoSettings({}).speed, 1);
  });
});
