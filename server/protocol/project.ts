/** A project: a folder that agents work in. */
import * as z from 'zod/mini';
import { ProjectId } from './ids.ts';

export const Project = z.object({
  id: ProjectId,
  name: z.string(),
  /** Absolute path, symbolic links resolved. */
  path: z.string(),
  trusted: z.boolean(),
  createdAt: z.number(),
});
export type Project = z.infer<typeof Project>;
