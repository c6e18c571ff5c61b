/** What may be asked about notices. */
import * as z from 'zod/mini';
import { NoticeId, Reference } from './ids.ts';
import { Notice } from './notice.ts';

const nothing = z.object({});

export const noticeRequests = {
  /** Newest first. */
  'notice/list': {
    params: z.object({ unread: z.optional(z.boolean()) }),
    result: z.object({ notices: z.array(Notice), unread: z.number() }),
  },
  /** One, or all of them. */
  'notice/markRead': { params: z.object({ notice: z.optional(Reference) }), result: z.object({ marked: z.number() }) },
  'notice/clear': { params: nothing, result: z.object({ cleared: z.number() }) },
  /** Whether this window is the one that shows it on the screen: one of them does, mostly the one that is looked at. */
  'notice/claim': { params: z.object({ notice: NoticeId, count: z.number() }), result: z.object({ isYours: z.boolean() }) },
  /**
   * A window says whether a person looks at it now. `words`: the texts of its language by the English ones, none for English;
   * the desktop is told in those of the window that began last.
   */
  'window/setFocus': {
    params: z.object({ isFocused: z.boolean(), words: z.optional(z.record(z.string(), z.string())) }),
    result: nothing,
  },
} as const;
