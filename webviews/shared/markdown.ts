/** Markdown from an agent as HTML that is safe to insert. */
import DOMPurify from 'dompurify';
import type { TrustedHTML, TrustedTypePolicy, TrustedTypesWindow } from 'trusted-types/lib/index.js';
import type { MarkdownBlock } from './markdown-blocks.ts';

const allowedTags = [
  ...['p', 'br', 'hr', 'em', 'strong', 's', 'code', 'pre', 'blockquote', 'a', 'div'],
  ...['ul', 'ol', 'li', 'h2', 'h3', 'h4', 'h5', 'h6', 'table', 'thead', 'tbody', 'tr', 'th', 'td'],
];
const allowedAttributes = ['href', 'title', 'class', 'start', 'tabindex'];

/** Lets everything through, so it stays in this file: only DOMPurify's parser and its result use it. */
const policy = createPolicy();
const cleaned = new WeakMap<MarkdownBlock, TrustedHTML>();

/** The same block always gives the same object, so that a page can tell that nothing changed. */
export function trustedHtml(block: MarkdownBlock & { kind: 'html' }): TrustedHTML {
  const known = cleaned.get(block);
  if (known) return known;
  const trusted = DOMPurify.sanitize(block.html, {
    ALLOWED_TAGS: allowedTags,
    ALLOWED_ATTR: allowedAttributes,
    ALLOW_DATA_ATTR: false,
    RETURN_TRUSTED_TYPE: true,
    ...(policy ? { TRUSTED_TYPES_POLICY: policy } : {}),
  });
  cleaned.set(block, trusted);
  return trusted;
}

function createPolicy(): TrustedTypePolicy | undefined {
  // The DOM's own types do not know Trusted Types yet.
  const { trustedTypes } = window as unknown as TrustedTypesWindow;
  return trustedTypes?.createPolicy('agor', { createHTML: (html) => html, createScript: () => '', createScriptURL: () => '' });
}
