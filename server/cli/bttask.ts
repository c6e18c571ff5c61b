#!/usr/bin/env node
/** ROOT of `bttask`: the shared board, as agents and people use it. */
import { runMain } from './run-main.ts';
import { makeBttask } from './teamwork/bttask-program.ts';
import { atDesk } from './teamwork/desk.ts';

void runMain(() => makeBttask(atDesk));
