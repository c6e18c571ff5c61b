/** What every program needs of the machine to run at all, and what of that is nobody's business. */
import type { SandboxPath } from '../protocol/sandbox.ts';
import type { FileFacts } from './file-facts.ts';

/** Those that a machine does not have are left out by the fence. */
const systemFolders = [
  '/usr',
  '/lib',
  '/lib32',
  '/lib64',
  '/libx32',
  '/bin',
  '/sbin',
  '/etc',
  '/opt',
  '/nix/store',
  '/run/current-system/sw',
];
/** How many processors and how much memory there are; programs size themselves by it. */
const measures = ['/sys/devices/system/cpu', '/sys/fs/cgroup'];
/** On many machines a link to where the resolver keeps it. */
const resolver = '/etc/resolv.conf';

const systemSecrets = [
  '/etc/shadow',
  '/etc/shadow-',
  '/etc/gshadow',
  '/etc/gshadow-',
  '/etc/sudoers',
  '/etc/sudoers.d',
  '/etc/security/opasswd',
  '/etc/ssh/ssh_host_rsa_key',
  '/etc/ssh/ssh_host_ecdsa_key',
  '/etc/ssh/ssh_host_ed25519_key',
  '/etc/ssl/private',
  '/etc/pki/tls/private',
  '/etc/letsencrypt',
  '/etc/wireguard',
  '/etc/openvpn',
  '/etc/NetworkManager/system-connections',
  '/etc/kubernetes',
  '/etc/rancher',
  '/etc/krb5.keytab',
];

export function systemPaths(files: FileFacts): SandboxPath[] {
  return [
    ...systemFolders.map((path) => ({ path, access: 'read' as const, why: 'programs and libraries of the system' })),
    ...measures.map((path) => ({ path, access: 'read' as const, why: 'processors and memory' })),
    ...(files.realPath(resolver) === resolver ? [] : [{ path: resolver, access: 'read' as const, why: 'names of hosts' }]),
    // What this user may not read anyway needs no hiding; root may read all of it.
    ...systemSecrets
      .filter((path) => files.canRead(path))
      .map((path) => ({ path, access: 'hidden' as const, why: 'passwords and keys of the machine' })),
  ];
}
