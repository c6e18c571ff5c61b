import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { plain } from '../../../../server/cli/style.ts';
import { graphLines } from '../../../../server/cli/teamwork/graph.ts';
import { messageRequests } from '../../../../server/protocol/message-requests.ts';

const node = (name: string, role: string, tier: number, status = 'active') => ({ party: { id: name, name }, role, tier, status });
const link = (from: string, to: string, both = true) => ({ from, to, both });
const graph = (nodes: unknown[], links: unknown[]) => messageRequests['message/graph'].result.parse({ nodes, links });

const team = [
  node('person', 'admin', 0, 'person'),
  node('boss', 'manager', 1),
  node('checker', 'reviewer', 1, 'sleeping'),
  node('builder', 'project', 2, 'stopped'),
  node('painter', 'project', 2),
];

describe('a graph', () => {
  it('hangs everyone below whom they are linked with, and tells of the other links', () => {
    const links = [
      link('person', 'boss'),
      link('boss', 'checker'),
      link('boss', 'builder'),
      link('painter', 'boss'),
      link('builder', 'painter', false),
    ];
    assert.deepEqual(graphLines(graph(team, links), plain), [
      '◆ person',
      '└─ ● boss manager, active',
      '   ├─ ○ builder project, stopped',
      '   └─ ● painter project, active',
      '◐ checker reviewer, sleeping',
      '',
      'May also write',
      'boss ↔ checker',
      'builder → painter',
      '',
      '● active  ◐ sleeping  ○ stopped  ◆ person',
    ]);
  });

  it('says of a link in the tree that it goes one way only', () => {
    const lines = graphLines(graph(team.slice(0, 2), [link('boss', 'person', false)]), plain);
    assert.deepEqual(lines.slice(0, 5), ['◆ person', '└─ ● boss manager, active', '', 'May also write', 'boss → person']);
  });

  it('shows a team without any link, and a link to somebody who is not in it', () => {
    const lines = graphLines(graph([node('a\u001b[2J', 'project', 2)], [link('a\u001b[2J', 'elsewhere')]), plain);
    assert.deepEqual(lines.slice(0, 4), ['● a project, active', '', 'May also write', 'a ↔ elsewhere']);
  });

  it('names a circle once instead of every two of it, and whom only one of them knows by itself', () => {
    const names = ['a', 'b', 'c', 'd'];
    const pairs = names.flatMap((from, index) => names.slice(index + 1).map((to) => link(from, to)));
    const nodes = [...names, 'e'].map((name) => node(name, 'project', 2));
    const others = (links: unknown[]) => graphLines(graph(nodes, links), plain).slice(7, -2);
    assert.deepEqual(others(pairs), ['a, b, c, d ↔ each other']);
    assert.deepEqual(others([...pairs, link('d', 'e'), link('a', 'e', false)]), [
      'a, b, c ↔ each other',
      'a ↔ d',
      'b ↔ d',
      'c ↔ d',
      'd ↔ e',
      'a → e',
    ]);
  });
});
