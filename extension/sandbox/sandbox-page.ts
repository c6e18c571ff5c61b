/** A page for reading: what an agent can reach, and the proof of each. */
import type { SandboxExplanation, SandboxPath, SandboxProof } from '../../server/protocol/sandbox.ts';
import type { ResourceFence } from '../../server/protocol/supervision.ts';
import type { Translate } from '../text/translate.ts';
import { narrowFenceText } from './incident-wording.ts';
import { fenceSentences, fenceSummary } from './sandbox-wording.ts';

/** In Markdown; what decides stands first, what only proves it last. */
export function explanationPage(agentName: string, explanation: SandboxExplanation, t: Translate): string {
  const { state, paths, network, proofs, argv, resources, incident } = explanation;
  return [
    `# ${t('What {0} can reach', plain(agentName))}`,
    '',
    `**${fenceSummary(state, t).text}.** ${verdict(proofs, t)}`,
    '',
    ...(incident ? [`> ${plain(narrowFenceText(incident, t))}`, ''] : []),
    ...fenceSentences(state, t).map((sentence) => `- ${plain(sentence)}`),
    ...section(t('Can write'), places(paths, 'write')),
    ...section(t('Protected inside what it can write'), places(paths, 'protected')),
    ...section(t('Hidden'), places(paths, 'hidden')),
    ...section(t('Can read'), places(paths, 'read')),
    ...section(
      t('Network'),
      network.map((sentence) => `- ${plain(sentence)}`),
    ),
    ...section(t('Limits'), resources ? limits(resources, t) : []),
    ...section(t('Tried inside the sandbox just now'), proofTable(proofs, t)),
    ...section(t('Started as'), ['```', commandText(argv), '```']),
    '',
  ].join('\n');
}

function verdict(proofs: readonly SandboxProof[], t: Translate): string {
  if (proofs.length === 0) return '';
  const held = proofs.filter((proof) => proof.held).length;
  return t('{0} of {1} attempts inside the sandbox just now ended as they should.', held, proofs.length);
}

/** What is there for the same reason shares a line. */
function places(paths: readonly SandboxPath[], access: SandboxPath['access']): string[] {
  const byReason = Map.groupBy(
    paths.filter((path) => path.access === access),
    ({ why }) => why,
  );
  const shown = (path: string) => code(access === 'protected' ? withinWritable(path, paths) : path);
  return [...byReason].map(([why, group]) => `- ${plain(why)}: ${[...new Set(group.map(({ path }) => shown(path)))].join(', ')}`);
}

/** The part that tells it apart: below which folder it lies was said above. */
function withinWritable(path: string, paths: readonly SandboxPath[]): string {
  const parents = paths.filter((parent) => parent.access === 'write' && path.startsWith(`${parent.path}/`));
  const longest = Math.max(0, ...parents.map((parent) => parent.path.length + 1));
  return path.slice(longest);
}

function limits({ by, gaps }: ResourceFence, t: Translate): string[] {
  const kept = by.length === 0 ? t('not kept') : t('Memory, processes, open files and CPU are kept by {0}.', by.join(', '));
  return [kept, ...gaps].map((sentence) => `- ${plain(sentence)}`);
}

/** What did not end as it should stands first. */
function proofTable(proofs: readonly SandboxProof[], t: Translate): string[] {
  if (proofs.length === 0) return [];
  const rows = proofs.toSorted((a, b) => Number(a.held) - Number(b.held));
  return [
    `| | ${t('Tried')} | ${t('Expected')} | ${t('Answer')} |`,
    '| --- | --- | --- | --- |',
    ...rows.map(({ tried, expected, answer, held }) => {
      const word = expected === 'allowed' ? t('allowed') : t('denied');
      return `| ${held ? '✓' : `✗ ${t('gap')}`} | ${plain(tried)} | ${word} | ${plain(answer)} |`;
    }),
  ];
}

/** One option a line: on a single one nobody finds anything. */
function commandText(argv: readonly string[]): string {
  const words = argv.map((word) => word.replaceAll('```', '').replace(/[\r\n]+/g, ' '));
  return words.map((word, index) => (index > 0 ? `${word.startsWith('--') ? ' \\\n  ' : ' '}${word}` : word)).join('');
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `## ${title}`, '', ...lines];
}

function code(path: string): string {
  return `\`${path.replace(/[`\n\r]/g, '?')}\``;
}

/** Names come from outside: nothing in them becomes a link, an image or a heading. */
function plain(text: string): string {
  return text.replace(/[\r\n]+/g, ' ').replace(/[\\`*_{}[\]<>#|!]/g, '\\$&');
}
