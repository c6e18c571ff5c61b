#!/usr/bin/env node
/** ROOT of the command line of a person. */
import { makeProgram } from './program.ts';
import { runMain } from './run-main.ts';

void runMain(makeProgram);
