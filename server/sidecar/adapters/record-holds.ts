/** What a program itself has on disk of a conversation: a line of JSON for each thing that was said. */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

/** Of a longer record only the end is read. */
const maxBytes = 32 * 1024 * 1024;

/** Whether the text is somewhere in it; null where that cannot be known. */
export async function recordHolds(path: string, text: string): Promise<boolean | null> {
  try {
    // The agent may write there: what it put in the record's place may be a link, or never come to an end.
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    return await endHolds(file, text).finally(() => file.close());
  } catch (error) {
    // Nothing has been said in it yet; or the agent has made it unreadable.
    return isMissing(error) ? false : null;
  }
}

async function endHolds(file: FileHandle, text: string): Promise<boolean | null> {
  const found = await file.stat();
  if (!found.isFile()) return null;
  const from = Math.max(0, found.size - maxBytes);
  const end = Buffer.alloc(found.size - from);
  const { bytesRead } = await file.read(end, 0, end.length, from);
  if (end.subarray(0, bytesRead).includes(JSON.stringify(text).slice(1, -1))) return true;
  return from === 0 ? false : null;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
