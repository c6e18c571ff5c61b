/** The scene of a prompt that is mail: says what came, and answers what expects an answer as well as it can. */
import { type Letter, lettersIn, type Owed, owedIn } from './letters.ts';
import { plain, replyCall, send } from './team-scenes.ts';
import type { DemoTurn } from './turn.ts';

const shownChars = 200;
const repeatedChars = 60;

export async function readMail(turn: DemoTurn, mail: string): Promise<void> {
  const letters = lettersIn(mail);
  for (const letter of letters) await turn.voice.say(`**${plain(letter.from)}** wrote to me: ${shortened(letter, shownChars)}\n\n`);
  const isNew = ({ id }: Owed) => !letters.some((letter) => letter.id.endsWith(id) || id.endsWith(letter.id));
  const toAnswer = [...letters.filter(({ expectsReply }) => expectsReply), ...owedIn(mail).filter(isNew)];
  for (const letter of toAnswer.filter(wantsAnswer)) await answer(turn, letter);
}

/** For whoever wants to see how it goes on when a question stays open. */
function wantsAnswer({ text }: Owed): boolean {
  return !/\bno answer\b/i.test(text);
}

async function answer(turn: DemoTurn, { id, text }: Owed): Promise<void> {
  const begins = text.replace(/\s+/g, ' ').trim().slice(0, repeatedChars);
  const what = begins === '' ? 'your message' : `"${begins}"`;
  await send(turn, replyCall(id, `I have read ${what}. I am a demo without a model, so that is all I can say to it.`));
}

function shortened({ text }: Letter, chars: number): string {
  return plain(text.length > chars ? `${text.slice(0, chars)}…` : text);
}
