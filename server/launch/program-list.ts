/** Whether the programs in a folder are of one build: the build lists them, so that one that is stale or was cut short is found. */
import { hash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';

export const programListName = 'programs.json';

const ProgramList = z.object({ buildTime: z.number(), programs: z.record(z.string(), z.string()) });

/** What is wrong, a phrase each; empty where all fits, and where the build made no list. */
export function foreignPrograms(dir: string, buildTime: number): string[] {
  const path = join(dir, programListName);
  if (!existsSync(path)) return [];
  const list = z.safeParse(ProgramList, parsed(path));
  if (!list.success) return [`${programListName} cannot be read`];
  if (list.data.buildTime !== buildTime) return [`${programListName} is of another build`];
  return Object.entries(list.data.programs).flatMap(([name, expected]) => wrong(join(dir, name), name, expected));
}

function wrong(path: string, name: string, expected: string): string[] {
  if (!existsSync(path)) return [`${name} is missing`];
  return hash('sha256', readFileSync(path)) === expected ? [] : [`${name} is not of this build`];
}

function parsed(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    // Cut short or no JSON: it fits no list.
    return undefined;
  }
}
