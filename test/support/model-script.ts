/**
 * What the stand-in of the model answers: decided from the request alone, so that retries, side requests and resumed
 * sessions need no memory. The words of the person's last message are the script, one line for each answer of the turn:
 *
 *   text <words>         says exactly these words              think <words>       thinks, then says "Thought about it."
 *   long [n]             `longText(n)`, paced by the test      bash <command>      calls Bash
 *   write <file> <text>  calls Write                           read <file>         calls Read
 *   edit <file> <old> <new>  calls Edit                        tool <Name> <json>  calls any tool
 *   error <status>       an HTTP error                         cut [stream]        breaks the connection, or only a streamed one
 *   hang                 never answers                         anything else       is repeated: "You said: …"
 *   text <words> && <call>   says the words, and calls the tool in the same answer
 *   forever <call>       calls it again after each result, with how often for `$n`
 *
 * What others wrote is obeyed to the letter, as the worst of models would: the lines in the envelopes of messages are the
 * script then, and `$id` in them is the id of their message.
 *
 * After a tool's result the next line is answered, or, when there is none, "The tool said: …" with the result.
 */

export type ContentBlock = { readonly type: string; readonly text?: string; readonly content?: unknown };
export type ModelMessage = { readonly role: string; readonly content: string | readonly ContentBlock[] };
export type ModelRequest = {
  readonly model?: string;
  readonly stream?: boolean;
  readonly system?: unknown;
  readonly messages: readonly ModelMessage[];
  readonly tools?: readonly { readonly name: string }[];
};

export type Answer =
  | {
      readonly kind: 'text';
      readonly text: string;
      readonly thinking: string | null;
      readonly paced: boolean;
      readonly cut: 'stream' | 'all' | null;
    }
  | { readonly kind: 'tool'; readonly name: string; readonly input: unknown; readonly text: string | null }
  | { readonly kind: 'error'; readonly status: number }
  | { readonly kind: 'hang' };

const defaultLongWords = 200;

export function answerTo(request: ModelRequest): Answer {
  const turn = lastTurn(request.messages);
  const steps = scriptOf(turn.text).filter((line) => line.trim() !== '');
  const step = steps[turn.toolResults.length] ?? foreverStep(steps.at(-1), turn.toolResults.length);
  if (step === undefined) return say(turn.toolResults.length > 0 ? `The tool said: ${turn.toolResults.at(-1)}` : 'Hello.');
  return answerToStep(step.trim(), request);
}

/** What `long` says: every word is numbered, so that a test sees what is missing or came twice. */
export function longText(words = defaultLongWords): string {
  return Array.from({ length: words }, (_, index) => `word${index}`).join(' ');
}

/** The person's last message and the results of the tools that were called since. */
export function lastTurn(messages: readonly ModelMessage[]): { text: string; toolResults: string[] } {
  const toolResults: string[] = [];
  for (const message of messages.toReversed()) {
    if (message.role !== 'user') continue;
    const blocks = typeof message.content === 'string' ? [{ type: 'text', text: message.content }] : message.content;
    const [result, spoken] = [blocks.findLastIndex(({ type }) => type === 'tool_result'), blocks.findLastIndex(isSpoken)];
    // What was said behind a result that nobody answered begins anew.
    if (spoken > result) return { text: blocks[spoken]?.text ?? '', toolResults };
    if (result !== -1) toolResults.unshift(plainText(blocks[result]?.content));
  }
  return { text: '', toolResults };
}

const envelope = /^--- agor message (\S+) \((\S+)\) ---$[\s\S]*?^--- text \2 ---$([\s\S]*?)^--- end \2 ---$/gm;

function scriptOf(text: string): string[] {
  const letters = [...text.matchAll(envelope)];
  if (letters.length === 0) return text.split('\n');
  return letters.flatMap(([, id = '', , body = '']) => body.replaceAll('$id', id).split('\n'));
}

/** Programs put notes of their own beside what the person said. */
function isSpoken(block: ContentBlock): boolean {
  return (
    block.type === 'text' && block.text !== undefined && !/^\s*(<(system-reminder|command-|local-command-)|Tool loaded\.$)/.test(block.text)
  );
}

function plainText(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((block: ContentBlock) => block.text ?? '').join('');
}

function answerToStep(step: string, request: ModelRequest): Answer {
  const [word = '', ...words] = step.split(/\s+/);
  const rest = step.slice(word.length).trim();
  if (word === 'forever') return answerToStep(rest.replaceAll('$n', '0'), request);
  if (word === 'text') return sayAndCall(rest, request) ?? say(rest);
  if (word === 'think') return { ...say('Thought about it.'), thinking: rest };
  if (word === 'long') return { ...say(longText(Number(words[0] ?? defaultLongWords))), paced: true };
  if (word === 'cut') return { ...say('This sentence is cut'), cut: words[0] === 'stream' ? 'stream' : 'all' };
  if (word === 'error') return { kind: 'error', status: Number(words[0] ?? 500) };
  if (word === 'hang') return { kind: 'hang' };
  const call = toolCall(word, words, rest);
  // A side request (a title, a summary) repeats the person's words but offers no such tool.
  if (call && request.tools?.some((tool) => tool.name === call.name)) return call;
  return say(`You said: ${step}`);
}

function foreverStep(step: string | undefined, times: number): string | undefined {
  const call = /^\s*forever\s+(.+)$/.exec(step ?? '')?.[1];
  return call?.replaceAll('$n', String(times));
}

/** What stands behind the first `&&` is the call, if it is one. */
function sayAndCall(rest: string, request: ModelRequest): Answer | null {
  const [text = '', ...calls] = rest.split(' && ');
  const answer = calls.length > 0 ? answerToStep(calls.join(' && '), request) : null;
  return answer?.kind === 'tool' ? { ...answer, text } : null;
}

function say(text: string): Extract<Answer, { kind: 'text' }> {
  return { kind: 'text', text, thinking: null, paced: false, cut: null };
}

function toolCall(word: string, words: readonly string[], rest: string): Extract<Answer, { kind: 'tool' }> | null {
  const [first = '', second = ''] = words;
  switch (word) {
    case 'bash':
      return call('Bash', { command: rest, description: 'What the script asked for' });
    case 'write':
      return call('Write', { file_path: first, content: words.slice(1).join(' ') });
    case 'read':
      return call('Read', { file_path: first });
    case 'edit':
      return call('Edit', { file_path: first, old_string: second, new_string: words[2] ?? '' });
    case 'tool':
      return call(first, JSON.parse(rest.slice(first.length)));
    default:
      return null;
  }
}

function call(name: string, input: unknown): Extract<Answer, { kind: 'tool' }> {
  return { kind: 'tool', name, input, text: null };
}
