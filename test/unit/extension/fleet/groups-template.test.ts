import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groupsTemplate } from '../../../../extension/fleet/groups-template.ts';
import { readGroups } from '../../../../server/teams/read-groups.ts';
import { plainTranslate } from '../../../support/plain-translate.ts';

const folder = '/srv/my "shop"';
const ground = { home: '/home/me', folder: (path: string) => path };
const template = groupsTemplate(folder, plainTranslate);

test('the template is a file that can be used, and declares nothing', () => {
  const { groups, problems } = readGroups(template, ground);
  assert.deepEqual([groups, problems], [[], []]);
});

test('without its comment signs it is a group of a manager and the folder', () => {
  const text = template.replaceAll(/^ {4}\/\/ /gm, '    ');
  const { groups, problems } = readGroups(text, ground);
  assert.deepEqual(problems, []);
  assert.deepEqual(groups?.[0]?.projects[0]?.folder, folder);
  assert.deepEqual(
    groups?.[0]?.members.map(({ name, part }) => [name, part.role]),
    [
      ['lead', 'manager'],
      ['my-project', 'project'],
    ],
  );
});
