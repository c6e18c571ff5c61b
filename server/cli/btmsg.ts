#!/usr/bin/env node
/** ROOT of `btmsg`: messages, as agents and people send and read them. */
import { runMain } from './run-main.ts';
import { makeBtmsg } from './teamwork/btmsg-program.ts';
import { atDesk } from './teamwork/desk.ts';

void runMain(() => makeBtmsg(atDesk));
