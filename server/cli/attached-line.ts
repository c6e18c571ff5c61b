/** What a line means that is typed at a terminal which is attached to an agent. Pure. */
import type { Decision } from '../protocol/agent-event.ts';

export type Typed =
  | { readonly do: 'prompt'; readonly text: string }
  | { readonly do: 'answer'; readonly decision: Decision; readonly message?: string }
  | { readonly do: 'stop' | 'leave' | 'help' | 'nothing' };

/** Only these words are ours; any other line that begins with a slash is a command of the agent's program. */
export function typedLine(line: string): Typed {
  const text = line.trim();
  const [word = '', ...rest] = text.split(' ');
  switch (word) {
    case '':
      return { do: 'nothing' };
    case '/allow':
      return { do: 'answer', decision: 'allowOnce' };
    case '/session':
      return { do: 'answer', decision: 'allowSession' };
    case '/deny':
      return { do: 'answer', decision: 'deny', ...(rest.length > 0 && { message: rest.join(' ') }) };
    case '/stop':
      return { do: 'stop' };
    case '/leave':
      return { do: 'leave' };
    case '/?':
      return { do: 'help' };
    default:
      return { do: 'prompt', text };
  }
}
