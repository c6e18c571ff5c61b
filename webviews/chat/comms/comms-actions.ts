/** What the parts of the Comms tab may ask for. */
import type { DeadLetter, Message } from '../../../server/protocol/message.ts';
import type { HeldItem } from '../../../server/protocol/screening.ts';
import type { FromWebview } from '../../../server/protocol/webview.ts';
import type { Box, CommsModel } from './comms-model.ts';

export interface CommsActions {
  showBox(box: Box): void;
  loadEarlier(pageSize?: number): void;
  /** What a person asked for and did not get. */
  report(sentence: string): void;
  tryAgain(): void;
  /** `null`: a message of its own again. */
  reply(message: Message | null): void;
  edit(text: string): void;
  toggleExpectsReply(): void;
  send(): void;
  settleHeld(item: HeldItem, method: 'screening/release' | 'screening/discard'): void;
  settleDeadLetter(deadLetter: DeadLetter, method: 'deadLetter/redeliver' | 'deadLetter/discard'): void;
  saveAttachment(attachmentId: string, name: string): void;
  dismissProblem(): void;
}

interface CommsActionsDeps {
  model: () => CommsModel;
  post: (message: FromWebview) => void;
}

export function commsActions({ model, post }: CommsActionsDeps): CommsActions {
  return {
    showBox: (box) => void model().showBox(box),
    loadEarlier: (pageSize) => void model().pages.loadEarlier(pageSize),
    report: (sentence) => model().report(sentence),
    tryAgain: () => void model().load(),
    reply: (message) => model().letter.reply(message),
    edit: (text) => model().letter.edit(text),
    toggleExpectsReply: () => model().letter.toggleExpectsReply(),
    send: () => void model().send(),
    settleHeld: (item, method) => void model().settleHeld(item, method),
    settleDeadLetter: (deadLetter, method) => void model().settleDeadLetter(deadLetter, method),
    saveAttachment: (attachmentId, name) => post({ type: 'saveAttachment', attachmentId, name }),
    dismissProblem: () => model().dismissProblem(),
  };
}
