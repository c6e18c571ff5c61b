/** The long answer of the demo agent: about 2,000 tokens on what the person has in front of them. */

export function tour(projectName: string): string {
  return `# A tour, in about two thousand tokens

You asked for something long, so here is a walk through the house that I live in. I am the demo agent, I work in **${projectName}**, and nothing that I say comes from a model: this text is part of my program. That makes me a good example, because whatever you see around these words would be there around the words of any other agent too.

## Who is who

There are three rings, and it helps to know them, because each has a name of its own in the logs and on the screen.

1. The **backend** is one process for each data directory. It keeps the projects, the agents, the sessions and every word that was said. The first window or command that needs it starts it, and all others attach to it.
2. A **sidecar** stands beside each running agent. It speaks the agent's own protocol on one side and ours on the other, and it writes down what the agent said before anybody else is told.
3. The **agent program** does the work. Here that is me; it could be Claude Code, or anything that speaks the Agent Client Protocol.

A picture of it fits into a few lines:

\`\`\`text
window 1 ─┐
window 2 ─┼─ backend ─┬─ sidecar ─ agent program
terminal ─┘           ├─ sidecar ─ agent program
                      └─ sidecar ─ agent program
\`\`\`

Why so many? Because things break at different times. You close a window, and the backend goes on. The backend is killed, and the sidecars go on: they finish the turn, keep what was said, and hand it over to the next backend. An agent crashes, and its sidecar tells you so, keeps the half of the sentence that was already said, and starts the program again with your next prompt.

## What a turn is

A **turn** begins with your prompt and ends when the agent has no more to say. In between come *items*, one after another:

- **text**, which streams in small parts like this one does;
- **thoughts**, which are folded away, because they are seldom what you came for;
- **tool calls**, each with what went in and what came out;
- **a plan**, if the agent makes one, whose steps are ticked off as it goes on;
- **questions**, which wait for you and for nobody else.

Each turn has exactly one end, and it is named. It may be *completed*; it may be *interrupted*, because you pressed stop; it may have *failed* with an error; the agent may have *refused*, or met a *limit*; or its program *crashed* in the middle. You never have to guess from silence which one it was.

## Questions and answers

Before an agent does something that you may not want, it asks. You see the command or the change exactly as it would happen, and you choose:

| answer | what it means |
| --- | --- |
| allow once | this time, and ask again the next time |
| allow for this session | do not ask for this again until the session ends |
| deny | no, and go on without it |

A question belongs to its turn. When you stop the turn, when it ends, or when the program goes away, the question is withdrawn, and nothing happens by an answer that comes too late. Try it with me: say \`edit\`, and I propose a change to a file of my own. Nothing is written before you allow it. Should somebody change the file between my proposal and your answer, I notice, and leave it alone.

## Stopping

You can stop me in the middle of this very sentence. The stop reaches the sidecar, the sidecar tells me in my own protocol, and I end the turn as interrupted. An agent that does not listen is given a few seconds, and then its program is ended for it. What was said up to then stays, marked as cut.

If you would like to practise, say \`slow\`. I then speak one word every two seconds, which gives everybody time to find the button.

## What is kept

Everything that you were shown is kept: prompts, answers, tool calls with their results, questions with what you decided. It lies in two ordinary SQLite files in one folder, on this machine, and goes nowhere else. There is no account and no service behind it. A second log keeps who decided what and when; each of its rows carries the hash of the row before it, so that a change in the middle shows.

Some of it in a terminal:

\`\`\`sh
agor project list
agor agent list
agor agent prompt demo "hello" --wait
agor session list
agor health --json
\`\`\`

Each command answers with one JSON document when you add \`--json\`, and each tells by its exit code whether it worked, was refused, was used wrongly, or could not reach the backend.

## When things go wrong

They do, and it is better to have seen it once on purpose:

- \`error\` makes me fail. The turn ends as failed, and the reason stands below it. With a real agent you would read there whether it was a rate limit, a missing key, a used-up quota, an overloaded service or the network, because each of these asks for something else from you.
- \`crash\` ends my program in mid-turn with exit code 1. The sidecar sees it, closes what was open, and marks the turn as crashed. Your next prompt brings me back, and I remember our session, because I keep it in a small file.

## How much it costs

I cost nothing, and so I report no money. I do report how full my *context window* is: how many tokens of it are in use, and how many there are. My numbers are estimates, one token for four letters, which is close enough to show you where to look. A real agent reports real ones, and where it does not tell, you see nothing rather than a number that somebody made up.

## A small example of code

Agents talk about code all day, so here is some, to show that it is drawn as code:

\`\`\`ts
/** How long to wait before the next try: doubled each time, never more than the cap. */
function backoffMs(attempt: number, baseMs: number, capMs: number): number {
  return Math.min(capMs, baseMs * 2 ** attempt);
}
\`\`\`

Called with a base of one second and a cap of thirty, it answers one, two, four, eight, sixteen, and then thirty for ever. Inline code looks like \`backoffMs(3, 1000, 30000)\`, a quotation like this:

> Nothing that was acknowledged is lost.

## The four promises

That quotation is the first of four promises that this product makes. In full, and in their order, because when two of them pull apart, the earlier one wins:

1. Nothing acknowledged is lost: not by a crash, a reload, a full disk or an outage.
2. An agent cannot reach past what it was given, and where the fence has a gap, you are told.
3. You always see what happens and why, and can stop it with one click.
4. It is fast enough to leave on.

## Where to go from here

Add a real agent to this project, and give it something small first: a test that is missing, a name that is wrong, a paragraph that nobody understands. Read the change before you allow it. Then let it work while you do something else, and come back when it asks.

You may close the window meanwhile. When you open it again, you will find the turn where it is by then, with every word that was said in between, each of them once.

That was the tour. Thank you for listening to a program without a model for so long; the next one that you talk to will have more to say, and it will stand in exactly this place.
`;
}
