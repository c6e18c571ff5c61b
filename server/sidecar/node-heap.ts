/** Bounds the heap of programs that run on Node; every other runtime would trip over the option. */
import { closeSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import type { Environment } from './program-environment.ts';

/** More than any first line that names an interpreter. */
const firstLineBytes = 256;

/** The same environment, with the bound when `program` is Node or a script for it. */
export function withHeapBound(environment: Environment, program: string, maxHeapMb: number): Environment {
  const isNode = environment.ELECTRON_RUN_AS_NODE === '1' || isNodeProgram(program, firstLineOf(program));
  if (!isNode) return environment;
  const options = [environment.NODE_OPTIONS, `--max-old-space-size=${maxHeapMb}`].filter(Boolean);
  return { ...environment, NODE_OPTIONS: options.join(' ') };
}

/** Pure. */
export function isNodeProgram(program: string, firstLine: string): boolean {
  return /^node(js)?(\.exe)?$/i.test(basename(program)) || /^#!.*[/\s]node(js)?(\s|$)/.test(firstLine);
}

function firstLineOf(path: string): string {
  const bytes = Buffer.alloc(firstLineBytes);
  try {
    const fd = openSync(path, 'r');
    try {
      return bytes.toString('latin1', 0, readSync(fd, bytes, 0, bytes.length, 0)).split('\n', 1)[0] ?? '';
    } finally {
      closeSync(fd);
    }
  } catch {
    // It may be run and not read: then it is no script.
    return '';
  }
}
