/** What Claude Code itself has on disk of a conversation: a line of JSON for each thing that was said. */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { conversationIn } from './config-folder.ts';

/** Of a longer conversation only the end is read. */
const maxBytes = 32 * 1024 * 1024;

/** Whether the text is somewhere in the session's file; null where that cannot be known. */
export async function conversationHolds(configDir: string, sessionId: string, text: string): Promise<boolean | null> {
  try {
    const path = conversationIn(configDir, `${sessionId}.jsonl`);
    // Nothing has been said in it yet.
    if (path === null) return false;
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    return await endHolds(file, text).finally(() => file.close());
  } catch {
    // The agent may write there, so it may also have made it unreadable.
    return null;
  }
}

async function endHolds(file: FileHandle, text: string): Promise<boolean | null> {
  const { size } = await file.stat();
  const from = Math.max(0, size - maxBytes);
  const end = Buffer.alloc(size - from);
  const { bytesRead } = await file.read(end, 0, end.length, from);
  if (end.subarray(0, bytesRead).includes(JSON.stringify(text).slice(1, -1))) return true;
  return from === 0 ? false : null;
}
