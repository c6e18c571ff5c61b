/** Holds the runbook against the real commands: a step that names one that is not there helps nobody at night. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Command } from 'commander';
import { commandIds } from '../../../extension/command-ids.ts';
import { root } from '../../../scripts/environment.ts';
import { runbookFile, runbookMarkdown } from '../../../scripts/runbook.ts';
import { makeProgram } from '../../../server/cli/program.ts';
import { makeBttask } from '../../../server/cli/teamwork/bttask-program.ts';
import { atDesk } from '../../../server/cli/teamwork/desk.ts';
import { procedureNames, runbook } from '../../../server/protocol/runbook.ts';

/** Of the system. */
const foreign = /^(df|cp|sudo dmesg)\b/;

const steps = procedureNames.flatMap((name) => runbook[name].steps.map((step) => ({ name, ...step })));
const markdown = readFileSync(runbookFile, 'utf8');

test('docs/runbook.md is what the steps say; node scripts/runbook.ts writes it', () => {
  assert.equal(markdown, runbookMarkdown());
});

test('every command line of the runbook is one that the command line knows, with its options and arguments', () => {
  const lines = [...markdown.matchAll(/^ {3}((?:agor|bttask|btmsg|scripts\/|sudo|df|cp)\b.*)$/gm)].map(([, line]) => line ?? '');
  assert.equal(lines.length, steps.flatMap((step) => step.lines).length);
  assert.deepEqual(lines.filter((line) => !foreign.test(line)).flatMap(problemOf), []);
});

test('a command line that is not known is found', () => {
  for (const line of ['agor helth', 'agor agent pause', 'agor agent list --nothing', 'agor health now'])
    assert.equal(problemOf(line).length, 1, line);
});

test('every command of the editor that the runbook names is contributed', () => {
  const named = [...markdown.matchAll(/`(agor\.\w+)`/g)].map(([, id]) => id ?? '');
  assert.ok(named.length > 20);
  assert.deepEqual(
    [...named, ...steps.flatMap(({ command }) => command ?? [])].filter((id) => !commandIds.some((known) => known === id)),
    [],
  );
});

test('every step can be done: it has a command, or says what is to be done by hand', () => {
  assert.deepEqual(
    steps.filter(({ lines, command, text }) => lines.length === 0 && command === null && text.length < 40),
    [],
  );
  for (const name of procedureNames) assert.equal(runbook[name].steps.at(-1)?.command, 'agor.finishProcedure');
});

test('every file that the runbook names is in the repository, or comes with other parts', () => {
  const files = steps.flatMap(({ lines }) => lines).filter((line) => line.startsWith('scripts/'));
  assert.deepEqual(
    files.filter((line) => !existsSync(join(root, line))),
    [],
  );
});

/** What the parser would say; empty when it would run it. */
function problemOf(line: string): string[] {
  const [program = '', ...words] = wordsOf(line);
  return problemIn(program === 'bttask' ? makeBttask(atDesk) : makeProgram(), words).map((problem) => `${line}: ${problem}`);
}

function wordsOf(line: string): string[] {
  return [...line.matchAll(/<[^>]+>|"[^"]*"|\S+/g)].map(([word]) => word.replaceAll('"', ''));
}

function problemIn(command: Command, words: readonly string[]): string[] {
  const [first = ''] = words;
  const below = command.commands.find((each) => each.name() === first);
  if (below) return problemIn(below, words.slice(1));
  const given: string[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (!word.startsWith('-')) given.push(word);
    else {
      const option = command.options.find(({ long, short }) => long === word || short === word);
      if (!option) return [`has no option ${word}`];
      if (option.required) index += 1;
    }
  }
  const wanted = command.registeredArguments;
  const least = wanted.filter(({ required }) => required).length;
  const most = wanted.some(({ variadic }) => variadic) ? Number.POSITIVE_INFINITY : wanted.length;
  if (given.length < least || given.length > most) return [`takes ${least} to ${most} arguments, and is given ${given.length}`];
  return [];
}
