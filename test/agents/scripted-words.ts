/** The words of the script of all stand-ins (see `model-script.ts`). */
import type { Words } from './driver.ts';

export const scriptedWords: Words = {
  text: (said) => `text ${said}`,
  long: 'long 300',
  make: (file) => `bash touch ${file}`,
  send: (text) => `tool mcp__agor__send_message ${JSON.stringify({ to: 'person', text })}`,
  error: (status) => `error ${status}`,
};
