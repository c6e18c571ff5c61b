/** Where an agent finds the files that came with a message: in its own folder, which the backend names and its sidecar fills. */
import { join } from 'node:path';
import type { MessageId } from '../protocol/ids.ts';

export const mailFolderName = 'mail';

/** `name` is a plain file name: it was made one when the message was taken. */
export function attachmentPath(agentDir: string, messageId: MessageId, name: string): string {
  return join(agentDir, mailFolderName, messageId, name);
}
