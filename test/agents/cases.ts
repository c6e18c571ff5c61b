/** The conversation that every agent must be able to have, one behaviour at a time. */
import assert from 'node:assert/strict';
import type { Failure } from '../../server/protocol/agent-event.ts';
import { until } from '../support/live-backend.ts';
import type { AgentDriver } from './driver.ts';
import type { Talk } from './talk.ts';
import { upgradeCases } from './upgrade-cases.ts';

export type CaseName = keyof typeof conversationCases;

const stuck = (part: number) => (part < 3 ? Promise.resolve() : new Promise<void>(() => {}));
const flowing = async () => {};

export const conversationCases = {
  'a text is said once and whole': async (talk: Talk) => {
    const { words } = talk.driver;
    assert.equal((await talk.turn(words.text('hello from the model'))).reason, 'completed', talk.seen());
    const fitting = talk.items('text').filter(({ text }) => words.answer('hello from the model').test(text.trim()));
    assert.deepEqual(
      fitting.map(({ complete }) => complete),
      [true],
    );
  },

  'a tool that is allowed runs, and not before': async (talk: Talk) => {
    await talk.say(talk.driver.words.make);
    const question = await talk.question();
    assert.ok(JSON.stringify(question.request).includes(talk.driver.words.made), talk.seen());
    assert.equal(talk.hasMade(), false);
    await talk.answer(question, 'allowOnce');
    assert.equal((await talk.end()).reason, 'completed', talk.seen());
    assert.equal(talk.hasMade(), true);
    assert.deepEqual(
      talk.items('tool').map(({ status }) => status),
      ['ok'],
    );
  },

  'a tool that is denied does not run, and the turn ends in order': async (talk: Talk) => {
    await talk.say(talk.driver.words.make);
    await talk.answer(await talk.question(), 'deny');
    const { reason } = await talk.end();
    assert.ok(reason === 'completed' || reason === 'interrupted', talk.seen());
    assert.equal(talk.hasMade(), false);
    assert.deepEqual(
      talk.items('permission').map(({ state }) => state),
      ['denied'],
    );
    // Some tell of a tool only once they may use it.
    assert.ok(
      talk.items('tool').every(({ status }) => status === 'denied'),
      talk.seen(),
    );
  },

  'an interrupt ends the turn, and the next prompt is answered': async (talk: Talk) => {
    await interruptWhileItStreams(talk);
    await answers(talk, 'still here');
  },

  'a prompt goes into the turn that runs': async (talk: Talk) => {
    const { words } = talk.driver;
    await talk.say(words.make);
    const question = await talk.question();
    assert.equal((await talk.into(words.text('and this as well'))).joined, true);
    await talk.answer(question, 'allowOnce');
    assert.equal((await talk.end()).reason, 'completed', talk.seen());
    assert.match(talk.requests(), /and this as well/);
    const [asked, joined] = talk.items('prompt');
    assert.deepEqual([joined?.state, joined?.turnId], ['sent', asked?.turnId], talk.seen());
  },

  'a form of a server of tools is shown, and what is filled in arrives': async (talk: Talk) => {
    await talk.say(formWords(talk));
    const question = await talk.question();
    assert.deepEqual(
      question.request.form?.fields.map(({ name, required }) => [name, required]),
      [['stage', true]],
      talk.seen(),
    );
    const wrong = talk.answer(question, 'allowOnce', { stage: 'nowhere' });
    await assert.rejects(wrong, { code: 'badRequest', message: /"stage" takes one of: test, live/ });
    await talk.answer(question, 'allowOnce', { stage: 'live' });
    assert.equal((await talk.end()).reason, 'completed', talk.seen());
    assert.match(talk.text(), /"content":\{"stage":"live"\}/);
    assert.deepEqual(talk.items('permission')[0]?.values, { stage: 'live' });
  },

  'a form that is declined, or neither answered nor declined, is told as that': async (talk: Talk) => {
    for (const [decision, told, state] of [
      ['deny', 'decline', 'denied'],
      ['cancel', 'cancel', 'cancelled'],
    ] as const) {
      await talk.say(formWords(talk));
      await talk.answer(await talk.question(), decision);
      assert.equal((await talk.end()).reason, 'completed', talk.seen());
      assert.ok(talk.text().includes(`"action":"${told}"`), talk.text());
      assert.equal(talk.items('permission')[0]?.state, state);
    }
  },

  'a form is withdrawn when its turn is stopped': async (talk: Talk) => {
    await talk.say(formWords(talk));
    const question = await talk.question();
    await talk.interrupt();
    assert.equal(talk.items('permission')[0]?.state, 'withdrawn', talk.seen());
    await assert.rejects(talk.answer(question, 'allowOnce', { stage: 'live' }), { code: 'conflict' });
    await worksAgain(talk);
  },

  'a key that is wrong is told as that': async (talk: Talk) => {
    talk.mood.accepts = false;
    await failsAs(talk, talk.driver.words.text('hello'), 'auth');
    talk.mood.accepts = true;
    await worksAgain(talk);
  },

  'a key without the right, and one that has expired, are told apart': async (talk: Talk) => {
    for (const [status, message, because] of refusals) {
      talk.mood.errorBody = { message };
      await talk.say(talk.driver.words.error(status));
      const { type } = await talk.failure();
      assert.equal(type, 'auth', talk.seen());
      // A program that tries again says why only when it gives up, which is not waited for.
      const told = talk.items('turnEnd')[0]?.failure;
      if (told) assert.equal(told.because, because, JSON.stringify(told));
      talk.mood.errorBody = null;
      await worksAgain(talk);
    }
  },

  'a key that is revoked in mid-turn is told as that': async (talk: Talk) => {
    await talk.say(talk.driver.words.make);
    const question = await talk.question();
    talk.mood.accepts = false;
    await talk.answer(question, 'allowOnce');
    assert.equal((await talk.failure()).type, 'auth', talk.seen());
    talk.mood.accepts = true;
    await worksAgain(talk);
  },

  'a rate limit is told as that': async (talk: Talk) => {
    await failsAs(talk, talk.driver.words.error(429), 'rate_limit');
    await worksAgain(talk);
  },

  'a service that has too much to do is told as that': async (talk: Talk) => {
    await failsAs(talk, talk.driver.words.error(talk.driver.overloaded), 'overloaded');
    await worksAgain(talk);
  },

  'a network that is gone is told as that': async (talk: Talk) => {
    await talk.turn(talk.driver.words.text('before'));
    await talk.network?.cut();
    await failsAs(talk, talk.driver.words.text('hello'), 'network');
    await talk.network?.mend();
    await worksAgain(talk);
  },

  'a quota that is used up is told as that': async (talk: Talk) => {
    const { status, body } = talk.driver.quota;
    talk.mood.errorBody = body;
    await failsAs(talk, talk.driver.words.error(status), 'quota');
    talk.mood.errorBody = null;
    await worksAgain(talk);
  },

  'a killed program goes on with its history': async (talk: Talk) => {
    await talk.turn(talk.driver.words.text('remember the apples'));
    talk.mood.pace = stuck;
    await talk.say(talk.driver.words.long);
    await talk.next('text', ({ text }) => text !== '');
    await talk.driver.beforeKill?.();
    await talk.kill();
    assert.equal((await talk.end()).reason, 'crashed', talk.seen());
    talk.mood.pace = flowing;
    await answers(talk, 'after');
    assert.match(talk.model === null ? talk.text() : talk.requests(), talk.driver.words.memory);
    const { sessions } = await talk.connection.call('session/list', { agent: (await talk.agent()).id });
    assert.equal(sessions.length, 1, 'it is one session');
  },

  'a message by our tools is in the store, from who sent it': async (talk: Talk) => {
    await talk.say(talk.driver.words.send('the door is done'));
    assert.equal((await talk.end()).reason, 'completed', talk.seen());
    assert.equal(talk.items('permission').length, 0, 'nobody is asked about an agent’s own tools');
    await hasSent(talk, 'the door is done');
  },

  'a turn that reaches its budget is stopped': async (talk: Talk) => {
    const { id } = await talk.agent();
    await talk.connection.call('budget/set', { scope: 'turn', of: id, tokens: 1 });
    talk.mood.pace = stuck;
    await talk.say(talk.driver.words.long);
    assert.equal((await talk.end()).reason, 'interrupted', talk.seen());
    await until(async () => (await talk.agent()).state === 'held');
    const { hold } = await talk.agent();
    assert.deepEqual([hold?.kind, hold?.budget?.scope, hold?.budget?.limit], ['budget', 'turn', 1]);
    talk.mood.pace = flowing;
    // Whoever raises it is answered.
    await talk.connection.call('budget/raise', { agent: id, how: 'noneToday' });
    await worksAgain(talk);
  },

  ...upgradeCases,
} satisfies Record<string, (talk: Talk) => Promise<void>>;

/** Whether the case is one for programs with which that is tried. */
export function isTried({ words, tellsRefusals = false }: AgentDriver, name: CaseName): boolean {
  if (name.startsWith('a key without the right')) return tellsRefusals;
  return words.form !== undefined || !name.startsWith('a form ');
}

/** Those of a build need one. */
export const casesOfBuilds: readonly string[] = Object.keys(upgradeCases);
export const caseNames = Object.keys(conversationCases) as CaseName[]; // Of the table above.

const refusals = [
  [403, 'Your key has no access to this model.', 'forbidden'],
  [401, 'Your API key has expired.', 'expired'],
] as const;
const stageForm = { type: 'object', properties: { stage: { type: 'string', enum: ['test', 'live'] } }, required: ['stage'] };

function formWords({ driver }: Talk): string {
  if (driver.words.form === undefined) throw new Error(`${driver.name} has no words for a form.`);
  return driver.words.form(stageForm);
}

export async function hasSent(talk: Talk, text: string): Promise<void> {
  const { id } = await talk.agent();
  const inbox = async () => (await talk.connection.call('message/inbox', { all: true })).messages;
  await until(async () => (await inbox()).some((message) => message.text === text));
  const found = (await inbox()).filter((message) => message.text === text);
  assert.deepEqual(
    found.map(({ from }) => from.id),
    [id],
  );
}

async function interruptWhileItStreams(talk: Talk): Promise<void> {
  talk.mood.pace = stuck;
  await talk.say(talk.driver.words.long);
  await talk.next('text', ({ text }) => text !== '');
  assert.equal((await talk.interrupt()).reason, 'interrupted', talk.seen());
  talk.mood.pace = flowing;
}

async function failsAs(talk: Talk, text: string, type: Failure['type']): Promise<void> {
  await talk.say(text);
  const failure = await talk.failure();
  assert.equal(failure.type, type, JSON.stringify(failure));
}

async function worksAgain(talk: Talk): Promise<void> {
  await talk.giveKeyIfWanted();
  await answers(talk, 'recovered');
}

async function answers(talk: Talk, said: string): Promise<void> {
  const { words } = talk.driver;
  assert.equal((await talk.turn(words.text(said))).reason, 'completed', talk.seen());
  assert.ok(
    talk.items('text').some(({ text }) => words.answer(said).test(text.trim())),
    talk.seen(),
  );
}
