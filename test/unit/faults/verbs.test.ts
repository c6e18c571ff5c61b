/** Holds the table of the fault matrix against the contract. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requests } from '../../../server/protocol/requests.ts';
import { verbs } from '../../faults/verbs.ts';

/** These change nothing that is kept (an export and what is saved are files for the person), or do it by way of a program that they run or ask; the search index can be made anew, and conflicts about files are in memory only. */
const keepsNothing =
  /^(health|log|backend|sandbox|outbox|attachment|metrics|search|window|conflict|file)\/|\/(claim|list|get|show|items|logs|watch|unwatch|start|stop|steer|restart|verify|export|save|inbox|unread|history|feed|contacts|whoami|status|graph|held|try|diff|original|conflicts|leases)$/;
/** Or cannot be called by a person: an agent's heartbeat has its own row in the table of its feature. Raising a budget sets it. */
const tried = { 'agent/resume': 'agent/pause', 'budget/raise': 'budget/set', 'message/heartbeat': 'run/append' };

/** An incident ends what runs, and what plays the sidecars of the faults with it: `test/integration/incident.test.ts` kills the backend in one. */
const ofIncidents = ['incident/begin', 'incident/end'];
/** What they were cut off in is tried by the row of the worktrees. */
const ofWorktrees = ['create', 'merge', 'remove', 'restore', 'lease'].map((verb) => `worktree/${verb}`);
/** A rotation asks windows, which the faults do not play; that it is never cut in half is tried with the kills of its own test. */
/** Backups are files beside what is kept, and a restore exchanges all of it: the row of the backups kills the backend in both. */
const ofBackups = ['create', 'restore', 'compare', 'drill', 'cancel'].map((verb) => `backup/${verb}`);
/** Each of its statements, and its process, is ended in the row and the tests of the archives. */
const ofRetention = ['retention/run', 'retention/agree'];
/** It changes modes and moves files, each at once and all again when it was cut off; `test/unit/doctor` tries that nothing of record goes. */
const ofFiles = 'doctor/fix';
const triedElsewhere = [...ofIncidents, ...ofBackups, ...ofWorktrees, ...ofRetention, 'secret/rotate', ofFiles];

test('every request that changes what is kept is tried by the faults', () => {
  const isTried = (name: string) => verbs.has(name) || Object.hasOwn(tried, name) || triedElsewhere.includes(name);
  const missing = Object.keys(requests).filter((name) => !keepsNothing.test(name) && !isTried(name));
  assert.deepEqual(missing, []);
});
