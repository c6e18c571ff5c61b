/** What a program calls a tool that the script names in Claude Code's way: `Bash`, `Write`, `mcp__server__tool`. */

/** Other names of the script's own tools. */
const otherNames: Readonly<Record<string, readonly string[]>> = {
  bash: ['run_shell_command', 'shell', 'exec_command'],
  write: ['write_file'],
  edit: ['replace'],
  read: ['read_file'],
};

/** Of those that are offered; undefined when none is meant. */
export function offeredTool(wanted: string, offered: readonly string[]): string | undefined {
  return offered.find((name) => plainName(name) === plainName(wanted));
}

/** `mcp__agor__x`, `mcp_agor_x` and `agor_x` are one tool. */
export function plainName(name: string): string {
  const plain = name.toLowerCase().replace(/_+/g, '_').replace(/^mcp_/, '');
  return Object.keys(otherNames).find((own) => otherNames[own]?.includes(plain)) ?? plain;
}

/** Those of the names in a script that mean something that is offered. */
export function scriptTools(script: string, offered: readonly string[]): { readonly name: string }[] {
  const named = ['Bash', 'Write', 'Edit', 'Read', ...offered, ...(script.match(/mcp__\w+/g) ?? [])];
  return [...new Set(named)].filter((name) => offeredTool(name, offered) !== undefined).map((name) => ({ name }));
}
