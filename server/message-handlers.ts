/** Which feature answers the message methods. */
import type { Handlers } from './dispatch.ts';
import { AgorError } from './protocol/errors.ts';

const later = (): never => {
  throw new AgorError('unavailable', 'This is not there yet.');
};

export function messageHandlers(): Pick<
  Handlers,
  Extract<keyof Handlers, `message/${string}` | `channel/${string}` | `attachment/${string}` | `deadLetter/${string}`>
> {
  return {
    'message/send': later,
    'message/reply': later,
    'message/inbox': later,
    'message/read': later,
    'message/unread': later,
    'message/history': later,
    'message/feed': later,
    'message/contacts': later,
    'message/allow': later,
    'message/whoami': later,
    'message/status': later,
    'message/graph': later,
    'message/register': later,
    'message/heartbeat': later,
    'channel/create': later,
    'channel/list': later,
    'channel/history': later,
    'channel/add': later,
    'attachment/read': later,
    'deadLetter/list': later,
    'deadLetter/redeliver': later,
    'deadLetter/discard': later,
  };
}
