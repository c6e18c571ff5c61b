/** How long an incident lasts, whatever is done to the clock and to the backend. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { IncidentMode } from '../../../server/incident/incident-mode.ts';
import type { Incident } from '../../../server/protocol/incident.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { auditEvents, TestStores } from '../../support/test-stores.ts';

const minuteMs = 60_000;
let kept: TestStores;
let clock: FakeClock;
let mode: IncidentMode;
let told: (Incident | null)[];
let expired: string[];

beforeEach(() => {
  kept = new TestStores();
  clock = new FakeClock();
  mode = open();
});
afterEach(() => {
  mode.close();
  kept.remove();
});

function open(): IncidentMode {
  const { btmsg: file, audit } = kept.stores;
  const opened = new IncidentMode({ file, audit, clock, log: () => {} });
  [told, expired] = [[], []];
  opened.changed.on((incident) => void told.push(incident));
  opened.expired.on(({ reason }) => void expired.push(reason));
  opened.start();
  return opened;
}

/** The next backend, after one that was killed; its clock begins anew. */
function restart(): void {
  mode.close();
  kept.reopenAfterKill();
  mode = open();
}

const begin = (minutes = 60) => mode.begin({ forMs: minutes * minuteMs, reason: 'strange hooks', actor: 'cli' });

test('without one there is none', () => {
  assert.deepEqual([mode.current, mode.end('cli'), auditEvents(kept.stores)], [null, false, []]);
});

test('it lasts for its time, ends by itself, and both are told and audited', () => {
  const incident = begin();
  clock.advance(59.9 * minuteMs);
  assert.deepEqual(mode.current, incident);
  clock.advance(0.1 * minuteMs);
  assert.equal(mode.current, null);
  assert.deepEqual([told, expired], [[incident, null], ['strange hooks']]);
  assert.deepEqual(auditEvents(kept.stores), ['incident_begun', 'incident_ended']);
  assert.equal(clock.waiting, 0);
});

test('a person ends it before', () => {
  begin();
  assert.deepEqual([mode.end('cli'), mode.current, clock.waiting, expired], [true, null, 0, []]);
  restart();
  assert.equal(mode.current, null);
});

test('begun again, it has the new time and reason, and began when it began', () => {
  const first = begin(10);
  clock.advance(5 * minuteMs);
  const second = mode.begin({ forMs: 60 * minuteMs, reason: 'worse', actor: 'extension' });
  assert.deepEqual([second.beganAt, second.reason], [first.beganAt, 'worse']);
  clock.advance(59 * minuteMs);
  assert.notEqual(mode.current, null);
  clock.advance(minuteMs);
  assert.equal(mode.current, null);
});

test('a clock that is set back or forward makes it neither longer nor shorter, and the time that is shown fits again', () => {
  for (const setBy of [-5 * 60 * minuteMs, 5 * 60 * minuteMs]) {
    const { endsAt } = begin();
    clock.setWallClock(setBy);
    clock.advance(30 * minuteMs);
    assert.equal(mode.current?.endsAt, endsAt + setBy);
    clock.advance(30 * minuteMs);
    assert.equal(mode.current, null);
  }
});

test('the next backend goes on with it, and ends it at the same time', () => {
  const incident = begin();
  clock.advance(20 * minuteMs);
  restart();
  assert.deepEqual(mode.current, incident);
  clock.advance(39 * minuteMs);
  assert.notEqual(mode.current, null);
  clock.advance(minuteMs);
  assert.equal(mode.current, null);
});

test('a clock set back while no backend runs makes it no longer than it was to last', () => {
  begin();
  clock.advance(20 * minuteMs);
  clock.setWallClock(-24 * 60 * minuteMs);
  restart();
  clock.advance(41 * minuteMs);
  assert.equal(mode.current, null);
});

test('one whose time was over while no backend ran is ended at the next start', () => {
  begin();
  mode.close();
  clock.advance(2 * 60 * minuteMs);
  restart();
  assert.equal(mode.current, null);
  assert.deepEqual(auditEvents(kept.stores), ['incident_begun', 'incident_ended']);
});
