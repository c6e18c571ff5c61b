/** The scene of the word `tools` and of every other text: looks at the project's folder and says what it sees. */

import { basename } from 'node:path';
import type { PlanEntryStatus } from '@agentclientprotocol/sdk';
import { type FileText, type Listing, listProject, pathInside, readText } from './project-files.ts';
import { describeFolder, excerpt, interestingFiles, listingText } from './project-words.ts';
import { endTool, startTool } from './tool-call.ts';
import type { DemoTurn } from './turn.ts';
import { wordList } from './words.ts';

export async function lookAround(turn: DemoTurn): Promise<void> {
  const { voice, session } = turn;
  const name = basename(session.cwd);
  await voice.think(
    `They wrote "${shortened(turn.prompt)}". I have no model to understand it with, so I look at the project and tell what is there.`,
  );
  await sayHello(turn, name);
  await tellPlan(turn, 0);
  const listing = await listWithTool(turn, name);
  await tellPlan(turn, 1);
  const read: { name: string; file: FileText }[] = [];
  for (const file of interestingFiles(listing.entries)) read.push(...(await readWithTool(turn, file)));
  await tellPlan(turn, 2);
  await voice.say(`## What I see\n\n${describeFolder(listing)}\n\n`);
  for (const { name: file, file: content } of read) await voice.say(excerpt(file, content));
  await voice.say(goOn);
  await tellPlan(turn, 3);
}

const goOn = `## What you can try\n\nSay one of these words:\n\n${wordList()}\n`;

async function sayHello(turn: DemoTurn, name: string): Promise<void> {
  const before = turn.session.turns - 1;
  const met = before > 0 ? ` We have talked before: this is message ${turn.session.turns} of our session.` : '';
  await turn.voice.say(
    `Hello! I am the **demo agent**: no model is behind me, but all that I do is real.${met} Let me look around in **${name}**.\n\n`,
  );
}

async function tellPlan(turn: DemoTurn, done: number): Promise<void> {
  const steps = ['List the project folder', 'Read what explains it', 'Say what is there'];
  const status = (index: number): PlanEntryStatus => (index < done ? 'completed' : index === done ? 'in_progress' : 'pending');
  const entries = steps.map((content, index) => ({ content, priority: 'medium' as const, status: status(index) }));
  await turn.voice.update({ sessionUpdate: 'plan', entries });
}

async function listWithTool(turn: DemoTurn, name: string): Promise<Listing> {
  const { cwd } = turn.session;
  const start = { name: 'list_folder', title: `List ${name}`, kind: 'search', input: { path: cwd }, path: cwd } as const;
  const toolCallId = await startTool(turn.voice, start, 'in_progress');
  await turn.voice.pause(350);
  const listing = listProject(cwd);
  await endTool(turn.voice, toolCallId, 'completed', listingText(listing));
  return listing;
}

async function readWithTool(turn: DemoTurn, name: string): Promise<{ name: string; file: FileText }[]> {
  const path = pathInside(turn.session.cwd, name);
  if (path === null) return [];
  const toolCallId = await startTool(
    turn.voice,
    { name: 'read_file', title: `Read ${name}`, kind: 'read', input: { path }, path },
    'in_progress',
  );
  await turn.voice.pause(300);
  const file = readText(turn.session.cwd, name);
  await endTool(
    turn.voice,
    toolCallId,
    file === null ? 'failed' : 'completed',
    file?.text ?? `${name} is not a plain text file that can be read.`,
  );
  return file === null ? [] : [{ name, file }];
}

function shortened(prompt: string): string {
  const line = prompt.replace(/\s+/g, ' ').trim();
  return line.length > 80 ? `${line.slice(0, 80)}…` : line;
}
