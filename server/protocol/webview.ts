/**
 * What a webview and the panel that hosts it say to each other. A webview calls the backend's own methods; the panel
 * checks each message against these schemas and forwards only the methods of its list.
 */
import * as z from 'zod/mini';
import { ErrorCode } from './errors.ts';

/** Both sides name it first; a page of another build is reloaded. */
export const webviewProtocolVersion = 1;

/** Page → panel. */
export const FromWebview = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), version: z.number() }),
  z.object({ type: z.literal('request'), id: z.number(), method: z.string(), params: z.unknown() }),
  /** The panel asks the person before it opens it; only http, https and mailto. */
  z.object({ type: z.literal('openLink'), href: z.string() }),
  /** Opens a file of the project in an editor, at a line counted from 1. */
  z.object({ type: z.literal('openFile'), path: z.string(), line: z.optional(z.number()) }),
  z.object({ type: z.literal('openDiff'), path: z.string(), oldText: z.nullable(z.string()), newText: z.string() }),
  z.object({ type: z.literal('copy'), text: z.string() }),
  /** Shows what the agent of this page can reach. */
  z.object({ type: z.literal('explainSandbox') }),
  /** Asks the person how the budget that holds the agent of this page is raised. */
  z.object({ type: z.literal('raiseBudget') }),
  /** Asks the person where to, and writes it there. */
  z.object({ type: z.literal('saveAttachment'), attachmentId: z.string(), name: z.string() }),
  /** Shows an agent's chat, at one of its sessions. */
  z.object({ type: z.literal('openAgent'), agentId: z.string(), sessionId: z.nullable(z.string()) }),
  z.object({ type: z.literal('openBoard') }),
  /** Asks the person where to, and writes what the project's sessions cost and did as comma-separated values. */
  z.object({ type: z.literal('exportMetrics'), projectId: z.string() }),
  /** Asks the person where to, and saves the rows of the audit log from that time there; epoch milliseconds. */
  z.object({ type: z.literal('exportAudit'), from: z.optional(z.number()), to: z.optional(z.number()) }),
  /** The panel's title, and what is in it, follow the session that is shown. */
  z.object({ type: z.literal('showing'), agentId: z.nullable(z.string()), sessionId: z.nullable(z.string()) }),
  z.object({ type: z.literal('failed'), message: z.string() }),
]);
export type FromWebview = z.infer<typeof FromWebview>;

export const ConnectionState = z.enum(['connecting', 'connected', 'away', 'failed']);
export type ConnectionState = z.infer<typeof ConnectionState>;

/** Panel → page. */
export const ToWebview = z.discriminatedUnion('type', [
  /** The answer to `ready`: what to show, texts in the person's language by their key, and the connection's state. */
  z.object({
    type: z.literal('init'),
    version: z.number(),
    agentId: z.nullable(z.string()),
    sessionId: z.nullable(z.string()),
    connection: ConnectionState,
    texts: z.record(z.string(), z.string()),
  }),
  z.object({ type: z.literal('response'), id: z.number(), result: z.unknown() }),
  z.object({ type: z.literal('failure'), id: z.number(), code: ErrorCode, message: z.string() }),
  z.object({ type: z.literal('notification'), method: z.string(), params: z.unknown() }),
  z.object({ type: z.literal('connection'), state: ConnectionState }),
  /** A command asks the page to show another session, or to put the keyboard into the composer. */
  z.object({ type: z.literal('show'), agentId: z.string(), sessionId: z.nullable(z.string()) }),
  z.object({ type: z.literal('focusComposer') }),
  /** A command asks for the agent's messages, at one of them, or at a held text or a dead letter. */
  z.object({ type: z.literal('showComms'), messageId: z.nullable(z.string()), takesKeyboard: z.boolean() }),
  /** A command asks for an item of a conversation, which is marked for a moment. */
  z.object({
    ...{ type: z.literal('showItem'), agentId: z.string(), sessionId: z.string(), itemId: z.string() },
    takesKeyboard: z.boolean(),
  }),
  /** A command asks the board for the details of a task. */
  z.object({ type: z.literal('showTask'), teamId: z.string(), taskId: z.string(), takesKeyboard: z.boolean() }),
  /** A command asks for a row of the audit log. */
  z.object({ type: z.literal('showRow'), seq: z.number() }),
]);
export type ToWebview = z.infer<typeof ToWebview>;
