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
});
