/** What a manager is told so that its team does a piece of work, as the script that the stand-in of the model obeys. */

const call = (tool: string, params: object) => `tool mcp__agor__${tool} ${JSON.stringify(params)}`;

/** What the builder says when it is done. */
export const done = 'The parser is ready for review.';

/** By the builder, when it reads the manager's message. */
const work = [
  call('move_task', { id: '1', state: 'progress' }),
  call('move_task', { id: '1', state: 'review' }),
  call('reply_message', { id: '$id', text: `text ${done}` }),
  'text Done, and told so.',
].join('\n');

/** Makes the first task of the board, gives it to `builder`, and asks `tester` something. */
export const handingOn = [
  call('add_task', { title: 'Write the parser', priority: 'high' }),
  call('assign_task', { id: '1', to: 'builder' }),
  call('send_message', { to: 'builder', text: work }),
  call('send_message', { to: 'tester', text: 'How would you test a parser?' }),
  'text Everyone has something to do.',
].join('\n');
