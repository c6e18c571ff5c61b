/**
 * What would change how the layers of the fence themselves run is carried past them under other names: a library or a
 * script that a variable names may be one that the agent wrote.
 */

export type Environment = Readonly<Record<string, string>>;

const heldPrefix = 'AGOR_HELD_';
const changesPrograms = /^(LD_.*|NODE_.*|ELECTRON_.*|OPENSSL_.*|GCONV_PATH|GLIBC_TUNABLES|LOCPATH|ICU_DATA)$/;

/** What the layers are started with. `needed` is what the launcher's own runtime wants. */
export function holdEnvironment(program: Environment, needed: Environment): Environment {
  const held = Object.entries(program).map(([name, value]) => [changesPrograms.test(name) ? heldPrefix + name : name, value]);
  return { ...Object.fromEntries(held), ...needed };
}

/** What the program is started with: exactly what `holdEnvironment` was given. */
export function releaseEnvironment(held: Readonly<Record<string, string | undefined>>): Environment {
  const released = Object.entries(held).flatMap(([name, value]): [string, string][] => {
    if (value === undefined || changesPrograms.test(name)) return [];
    return [[name.startsWith(heldPrefix) ? name.slice(heldPrefix.length) : name, value]];
  });
  return Object.fromEntries(released);
}
