/** Whatever order edits, commits, removes and restores come in, no byte, mode, link, staged change or commit is lost. */
import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { AgorError } from '../../../server/protocol/errors.ts';
import { contentOf, WorktreesWorld } from '../../support/worktrees-world.ts';

type Random = (below: number) => number;

/** More of them are tried by hand: each starts git some hundred times. */
const courses = Number(process.env.AGOR_WORKTREE_COURSES ?? 2);
const steps = 12;

/** What must be the same after a removal and its restoring. */
type Kept = { readonly files: Record<string, string>; readonly staged: string; readonly head: string; readonly branch: string };

class Course {
  readonly world = new WorktreesWorld();
  readonly random: Random;
  readonly commits = new Set<string>();
  path = '';
  kept: Kept | undefined;
  count = 0;

  constructor(seed: number) {
    this.random = randomFrom(seed);
  }

  async begin(): Promise<void> {
    this.world.write(this.world.top, '.gitattributes', '*.txt text eol=crlf\n*.bin binary\n*.id ident\n');
    this.world.write(this.world.top, '.gitignore', 'ignored/\n*.env\n');
    this.world.git('add', '.');
    this.world.git('commit', '--quiet', '-m', 'attributes');
    this.world.agent('worker');
    this.path = (await this.world.worktrees.create({ agent: 'worker' }, 'cli')).path;
  }

  async step(): Promise<void> {
    const acts = this.kept
      ? [this.restore]
      : [this.edit, this.edit, this.edit, this.stage, this.commit, this.amend, this.forget, this.elsewhere, this.remove, this.remove];
    await acts[this.random(acts.length)]?.call(this);
  }

  edit(): void {
    const { world, random, path } = this;
    const names = ['a.txt', 'b.bin', 'c.id', 'sub/d', 'ignored/cache', 'secret.env', 'sub/with space', 'ä\nnewline', '-dash', 'readme.md'];
    const name = names[random(names.length)] ?? 'a.txt';
    const place = join(path, name);
    switch (random(6)) {
      case 0:
        return rmSync(place, { recursive: true, force: true });
      case 1:
        rmSync(place, { recursive: true, force: true });
        mkdirSync(join(path, 'sub'), { recursive: true });
        if (!name.includes('/')) symlinkSync('../nowhere', place);
        return;
      case 2:
        return void mkdirSync(join(path, `empty-${random(3)}/inner`), { recursive: true });
      default: {
        rmSync(place, { recursive: true, force: true });
        const bytes = Buffer.from(Array.from({ length: random(60) }, () => [10, 13, 0, 36, 65, 200, 255][random(7)] ?? 0));
        world.write(path, name, Buffer.concat([Buffer.from('$Id$\r\nline\n'), bytes]));
        chmodSync(place, [0o644, 0o755, 0o600, 0o640][random(4)] ?? 0o644);
      }
    }
  }

  stage(): void {
    this.world.gitIn(this.path, 'add', '--all');
  }

  commit(): void {
    this.stage();
    this.world.gitIn(this.path, 'commit', '--quiet', '--allow-empty', '-m', `work ${++this.count}`);
    this.commits.add(this.head());
  }

  amend(): void {
    this.world.gitIn(this.path, 'commit', '--quiet', '--amend', '--allow-empty', '-m', `amended ${++this.count}`);
    this.commits.add(this.head());
  }

  /** What it forgets only the log of HEAD still knows. */
  forget(): void {
    this.world.gitIn(this.path, 'reset', '--quiet', '--mixed', 'main');
  }

  elsewhere(): void {
    const to = this.random(2) === 0 ? ['--detach'] : [this.branchWished()];
    this.world.gitIn(this.path, 'checkout', '--quiet', '--force', ...to);
  }

  async remove(): Promise<void> {
    const now = this.now();
    await this.world.worktrees.remove('worker', 'cli');
    assert.equal(existsSync(this.path), false);
    this.kept = now;
  }

  async restore(): Promise<void> {
    // Whatever can be cleared away is: what is left must be enough.
    this.world.git('reflog', 'expire', '--expire=now', '--all');
    this.world.git('prune', '--expire=now');
    await this.world.worktrees.restore('worker', 'cli');
    assert.deepEqual(this.now(), this.kept);
    for (const commit of this.commits) assert.equal(this.world.git('cat-file', '-t', commit).trim(), 'commit');
    this.kept = undefined;
  }

  now(): Kept {
    const { world, path } = this;
    return { files: contentOf(path), staged: world.gitIn(path, 'ls-files', '--stage', '-z'), head: this.head(), branch: this.branch() };
  }

  head(): string {
    return this.world.gitIn(this.path, 'rev-parse', 'HEAD').trim();
  }

  branch(): string {
    return this.world.gitIn(this.path, 'rev-parse', '--abbrev-ref', 'HEAD').trim();
  }

  branchWished(): string {
    return this.world.worktrees.present(this.world.agents[0]?.id ?? never())?.branch ?? 'main';
  }
}

for (let seed = 1; seed <= courses; seed += 1) {
  test(`no operation of a random course loses a byte (seed ${seed})`, async () => {
    const course = new Course(seed);
    try {
      await course.begin();
      for (let step = 0; step < steps; step += 1) await course.step();
      if (course.kept === undefined) await course.remove();
      await course.restore();
    } finally {
      course.world.remove();
    }
  });
}

function randomFrom(seed: number): Random {
  let state = seed * 2654435761;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 0x9e3779b9) >>> 0;
    return state % below;
  };
}

function never(): never {
  throw new AgorError('internal', 'There is no agent in this course.');
}
