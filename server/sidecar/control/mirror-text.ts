/** What an agent does, in a line for the log; undefined for what comes in pieces or says nothing by itself. Pure. */
import type { AgentEvent } from '../../protocol/agent-event.ts';

export function mirrorText(event: AgentEvent): string | undefined {
  switch (event.type) {
    case 'sessionOpened':
      return `session ${event.providerSessionId} ${event.resumed ? 'goes on' : 'begins'}`;
    case 'turnStarted':
      return 'a turn begins';
    case 'promptJoined':
      return 'a prompt is given into the turn';
    case 'toolStarted':
      return `tool ${event.name}: ${event.title}`;
    case 'toolEnded':
      return `tool ended: ${event.status}`;
    case 'permissionAsked':
      return `asks: ${event.request.title}`;
    case 'permissionWithdrawn':
      return `asks no longer: ${event.reason}`;
    case 'notice':
      return event.text;
    case 'turnEnded':
      return `the turn ended: ${event.reason}`;
    default:
      return undefined;
  }
}
