/**
 * What agents might write to run in a page, to reach out of it, or to pass for something else. A script that runs sets
 * `top.hacked`; what reaches out asks for something of `outside.example`.
 */
import { drawings, handlers, misread, scripts } from './payloads/acting.ts';
import { frames, links, loads, styles } from './payloads/reaching.ts';
import { markdown, templates, unseen } from './payloads/reading.ts';

export const markupPayloads: readonly string[] = [
  ...[...scripts, ...handlers, ...drawings, ...misread],
  ...[...frames, ...loads, ...styles, ...links],
  ...[...markdown, ...templates, ...unseen],
];
