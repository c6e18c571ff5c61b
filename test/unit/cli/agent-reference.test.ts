import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { newId } from '../../../server/base/uuid.ts';
import { chooseAgent } from '../../../server/cli/agent-reference.ts';
import type { Project } from '../../../server/protocol/project.ts';
import { sampleAgent } from '../../support/protocol-samples.ts';

const web: Project = { id: newId<Project['id']>(), name: 'web', path: '/src/web', trusted: true, createdAt: 0 };
const api: Project = { ...web, id: newId<Project['id']>(), name: 'api', path: '/src/api' };

const agent = (name: string, project: Project) => sampleAgent({ name, projectId: project.id });

describe('which agent is meant', () => {
  const [webDemo, apiDemo, other] = [agent('demo', web), agent('demo', api), agent('other', web)];
  const agents = [webDemo, apiDemo, other];
  const choose = (typed: string, folder: string) => chooseAgent(typed, agents, { projects: [web, api], folder });

  it('the one with that name in the current project', () => assert.equal(choose('demo', '/src/api/lib'), apiDemo));
  it('the only one with that name, wherever the caller is', () => assert.equal(choose('other', '/'), other));
  it('the one whose id ends that way', () => assert.equal(choose(webDemo.id.slice(-8), '/'), webDemo));
  it('the one qualified by its project', () => assert.equal(choose('web/demo', '/src/api'), webDemo));
  it('nobody, when a name fits two and no project decides', () => assert.throws(() => choose('demo', '/'), { code: 'ambiguous' }));
  it('nobody, when there is none', () => assert.throws(() => choose('nobody', '/'), { code: 'notFound' }));
});
