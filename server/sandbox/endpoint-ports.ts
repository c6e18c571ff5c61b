/** The ports of the endpoints that a program was given by its environment: without them it could not work at all. */
const naming = /^(\w+_BASE_URL|https?_proxy|all_proxy)$/i;
const usualPorts: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443, 'socks5:': 1080, 'socks5h:': 1080 };

export function endpointPorts(environment: Readonly<Record<string, string>>): number[] {
  return Object.entries(environment).flatMap(([name, value]) => (naming.test(name) ? portOf(value) : []));
}

function portOf(value: string): number[] {
  if (!URL.canParse(value)) return [];
  const { port, protocol } = new URL(value);
  const number = port === '' ? usualPorts[protocol] : Number(port);
  return number === undefined ? [] : [number];
}
