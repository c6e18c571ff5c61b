/** The login that an agent is lent: what of it, how it follows the person's, and when it is renewed. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { LentLogin } from '../../../../../server/sidecar/adapters/claude/lent-login.ts';
import { isRenewalDue, lentAccess } from '../../../../../server/sidecar/adapters/claude/login-file.ts';
import { FakeClock } from '../../../../support/fake-clock.ts';

const minuteMs = 60_000;

function loginText(accessToken: string, expiresAt: number | null, refreshToken: string | null = 'renews'): string {
  return JSON.stringify({
    claudeAiOauth: { accessToken, refreshToken, expiresAt, scopes: ['a'] },
    mcpOAuth: { server: { accessToken: 'of a server' } },
  });
}

test('what renews the login and the logins of servers stay behind', () => {
  const lent = lentAccess(loginText('access', 5));
  assert.deepEqual(JSON.parse(lent?.text ?? ''), { claudeAiOauth: { accessToken: 'access', expiresAt: 5, scopes: ['a'] } });
});

test('a file without a login, a broken one and an empty one lend nothing', () => {
  for (const text of ['', '{', '[]', '{}', '{"claudeAiOauth":{}}', '{"claudeAiOauth":null}']) assert.equal(lentAccess(text), null, text);
});

test('it is renewed when Claude Code itself would do it, and not before', () => {
  const dueWith = (leftMs: number) => isRenewalDue({ text: '', expiresAt: 1_000_000 + leftMs, isRenewable: true }, 1_000_000);
  assert.deepEqual([dueWith(-1), dueWith(3 * minuteMs), dueWith(5 * minuteMs), dueWith(60 * minuteMs)], [true, true, false, false]);
  assert.equal(isRenewalDue({ text: '', expiresAt: 0, isRenewable: false }, 1), false);
  assert.equal(isRenewalDue({ text: '', expiresAt: null, isRenewable: true }, 1), false);
});

function makeLogin(t: TestContext, renew: (write: (text: string) => void) => Promise<void> = async () => {}) {
  const folder = mkdtempSync(join(tmpdir(), 'agor-login-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const clock = new FakeClock();
  const [source, copy] = [join(folder, 'source'), join(folder, 'copy')];
  const write = (text: string) => writeFileSync(source, text);
  let renewals = 0;
  const said: string[] = [];
  const counted = () => {
    renewals += 1;
    return renew(write);
  };
  const login = new LentLogin({ clock, source, copy, renew: counted, log: (message, fields) => said.push(`${message} ${fields?.why}`) });
  t.after(() => login.takeBack());
  const token = () => (existsSync(copy) ? JSON.parse(readFileSync(copy, 'utf8')).claudeAiOauth.accessToken : null);
  const pass = async (ms: number) => {
    clock.advance(ms);
    for (let turn = 0; turn < 10; turn += 1) await nextTurn();
  };
  return { login, clock, write, source, copy, token, pass, said, renewals: () => renewals };
}

test('the copy is there for its reader alone, follows the person’s file, and goes with the program', async (t) => {
  const { login, clock, write, source, copy, token, pass } = makeLogin(t);
  write(loginText('one', clock.now() + 60 * minuteMs));
  await login.lend();
  assert.equal(token(), 'one');
  assert.equal(statSync(copy).mode & 0o777, 0o600);
  write(loginText('two', clock.now() + 60 * minuteMs));
  await pass(2_000);
  assert.equal(token(), 'two');
  rmSync(source);
  await pass(2_000);
  assert.equal(token(), null);
  write(loginText('three', null));
  await pass(2_000);
  assert.equal(token(), 'three');
  login.takeBack();
  assert.equal(existsSync(copy), false);
  assert.equal(clock.waiting, 0);
});

test('an access that has ended is renewed before the program starts, and while it runs', async (t) => {
  const world = makeLogin(t, async (write) => write(loginText(`renewed ${world.renewals()}`, world.clock.now() + 10 * minuteMs)));
  world.write(loginText('old', world.clock.now() - 1));
  await world.login.lend();
  assert.equal(world.token(), 'renewed 1');
  await world.pass(5 * minuteMs);
  assert.equal(world.renewals(), 1);
  for (let minute = 0; minute < 4; minute += 1) await world.pass(minuteMs);
  assert.deepEqual([world.token(), world.renewals()], ['renewed 2', 2]);
});

test('a renewal that fails is tried again after a minute, and the agent keeps what it has', async (t) => {
  const world = makeLogin(t, () => Promise.reject(new Error('no network')));
  world.write(loginText('old', world.clock.now() - 1));
  await world.login.lend();
  assert.equal(world.token(), 'old');
  await world.pass(30_000);
  assert.equal(world.renewals(), 1);
  await world.pass(32_000);
  assert.equal(world.renewals(), 2);
  assert.match(world.said[0] ?? '', /could not be brought up to date.*no network/);
});
