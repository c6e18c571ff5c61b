/** Which scene each word plays. */

import { basename } from 'node:path';
import { RequestError } from '@agentclientprotocol/sdk';
import { editFile } from './edit-file.ts';
import { lookAround } from './look-around.ts';
import { runCommand } from './run-command.ts';
import { addTask, moveTask, replyToSomeone, showInbox, showTasks, tellSomeone } from './team-scenes.ts';
import { tour } from './tour.ts';
import type { DemoTurn, Scene } from './turn.ts';
import { type Word, wordList } from './words.ts';

export const scenes: Readonly<Record<Word, Scene>> = {
  help: sayHelp,
  tools: lookAround,
  edit: editFile,
  ask: runCommand,
  long: sayTour,
  slow: saySlowly,
  error: fail,
  crash,
  tell: tellSomeone,
  inbox: showInbox,
  reply: replyToSomeone,
  tasks: showTasks,
  task: addTask,
  move: moveTask,
};

const tourMs = 20_000;
const slowPauseMs = 2_000;

async function sayHelp(turn: DemoTurn): Promise<void> {
  await turn.voice.say(`# What I understand\n\nI am a demo: I have no model and use no network. I obey these words:\n\n${wordList()}\n`);
}

async function sayTour(turn: DemoTurn): Promise<void> {
  await turn.voice.think('A long answer was asked for. A tour of the house fills it well.');
  await turn.voice.sayOver(tour(basename(turn.session.cwd)), tourMs);
}

async function saySlowly(turn: DemoTurn): Promise<void> {
  await turn.voice.think('Slowly, so that there is time to press stop.');
  const text = 'I am speaking very slowly now, so that you can stop me at any word you like.';
  for (const word of text.split(' ')) {
    await turn.voice.say(`${word} `);
    await turn.voice.pause(slowPauseMs);
  }
}

async function fail(turn: DemoTurn): Promise<void> {
  await turn.voice.say('I begin as if nothing were wrong, ');
  throw new RequestError(-32603, 'The demo agent was told to fail, and this is what a failed turn looks like.');
}

async function crash(turn: DemoTurn): Promise<void> {
  await turn.voice.say('I am in the middle of a sentence when ');
  process.stderr.write('demo agent: told to crash, so it does\n');
  process.exit(1);
}
