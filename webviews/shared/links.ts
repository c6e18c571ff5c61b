/** A page never navigates: what a click on a link asks the panel to do. */
import type { FromWebview } from '../../server/protocol/webview.ts';

type LinkMessage = Extract<FromWebview, { type: 'openLink' | 'openFile' }>;

/** `null` for what leads nowhere: a fragment, or a scheme that is not opened from here. */
export function linkMessage(href: string): LinkMessage | null {
  if (/^(https?|mailto):/i.test(href)) return { type: 'openLink', href };
  if (href === '' || href.startsWith('#') || href.startsWith('//') || /^[a-z][a-z0-9+.-]+:(?!\d)/i.test(href)) return null;
  const parts = /^(?<path>[^#]*?)(?::(?<line>\d+)(?::\d+)?|#L?(?<anchor>\d+).*|#.*)?$/.exec(decoded(href))?.groups;
  if (!parts?.path) return null;
  const line = Number(parts.line ?? parts.anchor ?? 0);
  return line > 0 ? { type: 'openFile', path: parts.path, line } : { type: 'openFile', path: parts.path };
}

function decoded(href: string): string {
  try {
    return decodeURIComponent(href);
  } catch {
    // A percent sign that encodes nothing is part of the name.
    return href;
  }
}
