/** The words of the script of all stand-ins (see `model-script.ts`). */
import type { Words } from './driver.ts';

export const scriptedWords: Words = {
  text: (said) => `text ${said}`,
  answer: (said) => new RegExp(`^${said}$`),
  long: 'long 300',
  make: 'bash touch made.txt',
  made: 'made.txt',
  send: (text) => `tool mcp__agor__send_message ${JSON.stringify({ to: 'person', text })}`,
  error: (status) => `error ${status}`,
  memory: /remember the apples/,
};
