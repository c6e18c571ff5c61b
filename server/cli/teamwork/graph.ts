/** A team as a tree: who leads whom, with a dot for how each is, and below it who else may write to whom. */
import type { PartyId } from '../../protocol/ids.ts';
import type { Result } from '../../protocol/requests.ts';
import { oneLine } from '../printable.ts';
import type { Style } from '../style.ts';

type Graph = Result<'message/graph'>;
type Node = Graph['nodes'][number];
type Link = Graph['links'][number];
type Branch = { readonly node: Node; readonly parent: PartyId | undefined };

const dots = {
  active: ['green', '●'],
  sleeping: ['yellow', '◐'],
  stopped: ['dim', '○'],
  person: ['cyan', '◆'],
} as const satisfies Record<Node['status'], readonly ['green' | 'yellow' | 'dim' | 'cyan', string]>;

export function graphLines({ nodes, links }: Graph, style: Style): string[] {
  const branches = nodes.map((node) => ({ node, parent: parentOf(node, nodes, links) }));
  const roots = branches.filter(({ parent }) => parent === undefined);
  const tree = roots.flatMap(({ node }) => [nodeText(node, style), ...linesBelow(node.party.id, branches, { indent: '', style })]);
  const others = otherLinks(nodes, links, branches);
  const legend = `${Object.entries(dots)
    .map(([status, [, dot]]) => `${dot} ${status}`)
    .join('  ')}`;
  return [...tree, ...(others.length === 0 ? [] : ['', style('bold', 'May also write'), ...others]), '', style('dim', legend)];
}

/** The first of the next tier up that it is linked with; of a higher one where there is none. */
function parentOf(node: Node, nodes: readonly Node[], links: Graph['links']): PartyId | undefined {
  const above = nodes.filter(({ tier, party }) => tier < node.tier && isLinked(links, party.id, node.party.id));
  return above.sort((a, b) => b.tier - a.tier)[0]?.party.id;
}

function isLinked(links: Graph['links'], a: string, b: string): boolean {
  return links.some(({ from, to }) => (from === a && to === b) || (from === b && to === a));
}

/** Tiers only grow downwards, so this ends. */
function linesBelow(id: PartyId, branches: readonly Branch[], look: { readonly indent: string; readonly style: Style }): string[] {
  const children = branches.filter(({ parent }) => parent === id);
  return children.flatMap(({ node }, index) => {
    const isLast = index === children.length - 1;
    const below = { ...look, indent: `${look.indent}${isLast ? '   ' : '│  '}` };
    return [`${look.indent}${isLast ? '└─ ' : '├─ '}${nodeText(node, look.style)}`, ...linesBelow(node.party.id, branches, below)];
  });
}

function nodeText({ party, role, status }: Node, style: Style): string {
  const [colour, dot] = dots[status];
  const said = status === 'person' ? '' : ` ${style('dim', `${oneLine(role, 20)}, ${status}`)}`;
  return `${style(colour, dot)} ${oneLine(party.name, 40)}${said}`;
}

/** What the tree does not show: links beside it, and those of the tree that go one way only. Whoever knows all of a circle is named once. */
function otherLinks(nodes: readonly Node[], links: Graph['links'], branches: readonly Branch[]): string[] {
  const names = new Map<string, string>(nodes.map(({ party }) => [party.id, oneLine(party.name, 40)]));
  const nameOf = (id: string) => names.get(id) ?? id;
  const isInTree = (a: string, b: string) => branches.some(({ node, parent }) => node.party.id === a && parent === b);
  const others = links.filter(({ from, to, both }) => !both || !(isInTree(from, to) || isInTree(to, from)));
  const circles = circlesOf(others.filter(({ both }) => both));
  const isInCircle = ({ from, to, both }: Link) => both && circles.some((circle) => circle.includes(from) && circle.includes(to));
  const single = others.filter((link) => !isInCircle(link));
  return [
    ...circles.map((circle) => `${circle.map(nameOf).join(', ')} ↔ each other`),
    ...single.map(({ from, to, both }) => `${nameOf(from)} ${both ? '↔' : '→'} ${nameOf(to)}`),
  ];
}

/** Those who are linked with each other and with the same others; of two nothing is saved. */
function circlesOf(mutual: Graph['links']): string[][] {
  const linked = new Map<string, Set<string>>();
  const known = (id: string) => linked.get(id) ?? new Set([id]);
  for (const { from, to } of mutual) {
    linked.set(from, known(from).add(to));
    linked.set(to, known(to).add(from));
  }
  const circles = new Map<string, string[]>();
  for (const [id, those] of linked) {
    const key = [...those].sort().join(' ');
    circles.set(key, [...(circles.get(key) ?? []), id]);
  }
  return [...circles.values()].filter(({ length }) => length > 2);
}
