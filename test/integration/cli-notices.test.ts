/** The list of notices from the command line, with a real backend. */
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { type AgorHome, agorHome } from '../support/run-agor.ts';

let home: AgorHome;
before(async () => {
  home = await agorHome();
  await home.json(['project', 'add', '.']);
});
after(() => home.close());

it('says that there is nothing, in words and for programs', async () => {
  assert.equal((await home.run(['notices'])).stdout, 'There is nothing to tell.\n');
  assert.equal((await home.run(['notices', '--unread'])).stdout, 'Nothing is unread.\n');
  assert.deepEqual(await home.json(['notices']), { notices: [], unread: 0 });
});

it('marks and clears nothing where nothing is', async () => {
  assert.deepEqual(await home.json(['notices', 'read']), { marked: 0 });
  assert.equal((await home.run(['notices', 'clear'])).stdout, 'Removed: 0.\n');
});

it('a notice that is not there is named as such', async () => {
  const { code, stderr } = await home.run(['notices', 'read', '4f21c0aa']);
  assert.deepEqual([code, stderr.trim()], [1, 'error: There is no notice "4f21c0aa". There are no notices.']);
});

it('an option that it does not have is wrong usage', async () => {
  const { code, stderr } = await home.run(['notices', '--unknown']);
  assert.equal(code, 2);
  assert.match(stderr, /unknown option/);
});
