/** Which files a tool reads or writes, by what its program tells of it. Pure. */
import * as z from 'zod/mini';
import type { ToolContent } from '../protocol/agent-event.ts';

export function writtenPaths(content: readonly ToolContent[] | undefined): string[] {
  return (content ?? []).flatMap((part) => (part.type === 'diff' ? [part.path] : []));
}

const path = z.catch(z.optional(z.string()), undefined);
/** Programs have no common word for it. */
const ReadInput = z.catch(z.object({ file_path: path, filePath: path, notebook_path: path, path: path }), {});

/** Of a tool whose kind is `read`. */
export function readPaths(input: unknown): string[] {
  const { file_path, filePath, notebook_path, path } = ReadInput.parse(input);
  return [file_path, filePath, notebook_path, path].filter((found) => found !== undefined);
}
