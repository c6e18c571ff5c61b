/** What may be asked about files that more than one writes. */
import * as z from 'zod/mini';
import { limits } from './errors.ts';
import { FileConflict } from './file-conflict.ts';
import { Reference } from './ids.ts';

/** Of a file system: longer ones exist nowhere. */
const path = z.string().check(z.minLength(1), z.maxLength(limits.pathChars));

export const conflictRequests = {
  /** Of an agent, the newest first. */
  'conflict/list': {
    params: z.object({ agent: Reference }),
    result: z.object({ conflicts: z.array(FileConflict), total: z.number() }),
  },
  /** A person has seen to it: what happened until now is no conflict of this agent any more. Without a path, all of its. */
  'conflict/settle': {
    params: z.object({ agent: Reference, path: z.optional(path) }),
    result: z.object({ settled: z.number() }),
  },
  /** The person has saved these files in a window; absolute paths. */
  'file/saved': { params: z.object({ paths: z.array(path).check(z.maxLength(200)) }), result: z.object({}) },
} as const;
