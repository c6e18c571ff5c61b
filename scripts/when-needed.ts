/**
 * What a program does not need to start is made when it is first used. Both happen to the bundles alone, so that sources
 * stay plain: the same code runs from them, only sooner.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Plugin } from 'esbuild';

const constructed = `
    function _(def) {
        const inst = params?.Parent ? newError(Definition) : this;
        init(inst, def);`;

/**
 * The contract has more than two thousand schemas, and a start uses a few dozen. Zod makes each of them whole at once,
 * with its closures, which took a fifth of a start and stayed in memory. Here one keeps only its definition until
 * something asks for more than that it exists. The first of each kind is made at once, since that one gives the kind its
 * methods. To be removed when Zod does so itself.
 */
const constructedLater = `
    const isSchema = /^ZodMini/.test(name);
    const waiting = Symbol("waiting");
    let isFirst = true;
    function lendMembers(first) {
        isFirst = false;
        for (const key of Object.getOwnPropertyNames(first)) {
            Object.defineProperty(_.prototype, key, {
                configurable: true,
                get() {
                    const def = this[waiting];
                    if (def === undefined) return undefined;
                    this[waiting] = undefined;
                    return build(this, def)[key];
                },
                set(value) { Object.defineProperty(this, key, { configurable: true, enumerable: true, writable: true, value }); },
            });
        }
    }
    function _(def) {
        if (isSchema && !isFirst) {
            this[waiting] = def;
            return this;
        }
        const inst = build(params?.Parent ? newError(Definition) : this, def);
        if (isSchema && isFirst) lendMembers(inst);
        return inst;
    }
    function build(inst, def) {
        init(inst, def);`;

export const schemasWhenNeeded: Plugin = {
  name: 'schemas-when-needed',
  setup(build) {
    build.onLoad({ filter: /[\\/]zod[\\/]v4[\\/]core[\\/]core\.js$/ }, ({ path }) => {
      const contents = readFileSync(path, 'utf8');
      if (!contents.includes(constructed)) throw new Error(`${path} makes schemas in another way than scripts/when-needed.ts expects.`);
      return { contents: contents.replace(constructed, () => constructedLater), loader: 'js' };
    });
  },
};

/** Node's parts that take a millisecond or more to load, and that most starts do without. */
const lateBuiltins = /^node:(child_process|http|https|inspector|readline|worker_threads|zlib)$/;

/** Our imports of them become getters, each of which loads the part. */
export const builtinsWhenNeeded: Plugin = {
  name: 'builtins-when-needed',
  setup(build) {
    build.onResolve({ filter: lateBuiltins }, ({ path, kind }) =>
      kind === 'import-statement' ? { path, namespace: 'builtin-when-needed' } : undefined,
    );
    build.onLoad({ filter: /./, namespace: 'builtin-when-needed' }, ({ path }) => {
      const names = Object.keys(createRequire(import.meta.url)(path));
      const getters = names.map((name) => `get ${name}() { return require("${path}").${name}; }`);
      return { contents: `module.exports = { ${getters.join(', ')} };`, loader: 'js' };
    });
  },
};

/**
 * What pino writes with when it is told no stream, and the thread for its transports, whose files no bundle holds. Every
 * logger of ours is given a stream.
 */
export const logsToOurStreams: Plugin = {
  name: 'logs-to-our-streams',
  setup(build) {
    build.onResolve({ filter: /^(sonic-boom|thread-stream)$/ }, ({ path }) => ({ path, namespace: 'left-out' }));
    build.onLoad({ filter: /./, namespace: 'left-out' }, ({ path }) => ({
      contents: `module.exports = class { constructor() { throw new Error("${path} is not in this program: give the logger a stream."); } };`,
      loader: 'js',
    }));
  },
};
