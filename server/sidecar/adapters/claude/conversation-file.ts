/** What Claude Code itself has on disk of a conversation. */
import { recordHolds } from '../record-holds.ts';
import { conversationIn } from './config-folder.ts';

/** Whether the text is somewhere in the session's file; null where that cannot be known. */
export async function conversationHolds(configDir: string, sessionId: string, text: string): Promise<boolean | null> {
  try {
    const path = conversationIn(configDir, `${sessionId}.jsonl`);
    // Nothing has been said in it yet.
    return path === null ? false : await recordHolds(path, text);
  } catch {
    // The agent may write there, so it may also have made it unreadable.
    return null;
  }
}
