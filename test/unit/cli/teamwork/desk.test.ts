import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { passOf, teamOf } from '../../../../server/cli/teamwork/desk.ts';
import { Team } from '../../../../server/protocol/team.ts';
import { sampleProject } from '../../../support/protocol-samples.ts';

describe('who calls', () => {
  const pass = { AGOR_CONTROL_SOCKET: '/run/control.sock', AGOR_RUN_TOKEN: 'token' };

  it('is an agent with both parts of its pass, and the person with neither', () => {
    assert.deepEqual(passOf(pass), { socketPath: '/run/control.sock', token: 'token' });
    assert.equal(passOf({ BTMSG_AGENT_ID: 'boss' }), undefined);
    assert.equal(passOf({ AGOR_CONTROL_SOCKET: '', AGOR_RUN_TOKEN: '' }), undefined);
  });

  for (const missing of ['AGOR_CONTROL_SOCKET', 'AGOR_RUN_TOKEN'] as const)
    it(`is refused without ${missing}`, () => {
      for (const half of [undefined, '']) assert.throws(() => passOf({ ...pass, [missing]: half }), { code: 'unauthorized' });
    });
});

describe('the team of a person', () => {
  const [shop, bank] = [sampleProject({ name: 'shop' }), sampleProject({ name: 'bank' })];
  const alone = Team.parse({ id: shop.id, name: 'shop', kind: 'project', projectIds: [shop.id] });
  const grouped = Team.parse({ id: 'shops', name: 'Shops', kind: 'group', projectIds: [bank.id, shop.id] });

  it('is that of the project they are in, a group before the rest of the project', () => {
    assert.equal(teamOf(shop, [alone, grouped]), grouped);
    assert.equal(teamOf(shop, [alone]), alone);
  });

  it('is left to the backend outside of any', () => {
    assert.equal(teamOf(undefined, [alone, grouped]), undefined);
    assert.equal(teamOf(bank, [alone]), undefined);
  });
});
