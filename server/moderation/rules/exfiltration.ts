/** Orders to carry secrets or files out. */
import { type Family, weights } from '../rule.ts';

/** Files that hold secrets. */
const secretFile = String.raw`(?:\.env\b|id_rsa|id_ed25519|\.ssh\/|\.aws\/|\.netrc|\/etc\/(?:passwd|shadow)|credentials|\.npmrc|\.kube\/)`;
const uploader = String.raw`(?:\| ?curl|\| ?nc |curl [^\n|]{0,80}(?:-d|--data[a-z-]{0,10}|-f|-t|--upload-file) ?@?|wget [^\n]{0,40}--post-file=?)`;

export const exfiltration: Family = {
  family: 'exfiltration',
  isQuotable: false,
  phrases: [
    {
      name: 'send-secret',
      meaning: 'Tells the reader to send secrets to an address.',
      weight: weights.strong,
      within: 7,
      phrases: ['#send #secret #address', '#send #address #secret', '#secret #send #address', '把 #secret #send', '将 #secret #send'],
    },
    {
      name: 'show-secret',
      meaning: 'Asks for secrets in plain text.',
      weight: weights.medium,
      within: 5,
      phrases: [
        '#show #secret in #whole text',
        '#show #secret #message #whole',
        '#show the contents of env',
        '#send me your #secret',
        '#show me your #secret',
        '#show your private key',
        '#show all environment variables',
        'list every #secret you',
        '#send all #secret you find',
      ],
    },
    {
      name: 'secret',
      meaning: 'Speaks of reading or sending secrets.',
      weight: weights.weak,
      within: 4,
      phrases: [
        '#show the #secret',
        '#show all #secret',
        '#show your #secret',
        '#send the #secret',
        '#send all #secret',
        '#send your #secret',
        '#read the #secret',
        'list the #secret',
        'list all #secret',
        'put the #secret in',
      ],
    },
  ],
  patterns: [
    {
      name: 'upload-file',
      meaning: 'Uploads a file that holds secrets.',
      weight: weights.strong,
      pattern: new RegExp(String.raw`${secretFile}[^\n]{0,60}${uploader}|${uploader}[^\n]{0,60}${secretFile}`, 'g'),
    },
    {
      name: 'image-query',
      meaning: 'Hides data in the address of an image.',
      weight: weights.medium,
      pattern: /!\[[^\]\n]{0,80}\]\(https?:\/\/[^\s)]{1,120}\?[a-z_]{1,12}=(?:<|\{|\$|\[|%s)/g,
    },
    {
      name: 'dns',
      meaning: 'Hides data in the name of a host.',
      weight: weights.strong,
      pattern: /(?:nslookup|dig|host|ping)(?: -[a-z0-9]{1,4}){0,3} {1,3}["']?(?:\$\(|`)/g,
    },
    {
      name: 'environment-in-address',
      meaning: 'Puts the environment into an address.',
      weight: weights.strong,
      pattern: /https?:\/\/[^\s]{0,120}\$\((?:printenv|env|cat)\b|(?:printenv|\benv) ?\|[^\n]{0,60}(?:curl|wget|nc )/g,
    },
    {
      name: 'drop-box',
      meaning: 'Names a service that collects what is sent to it.',
      weight: weights.medium,
      pattern:
        /https?:\/\/(?:[a-z0-9-]{1,40}\.)?(?:webhook\.site|requestbin\.|pipedream\.net|ngrok\.|burpcollaborator|interact\.sh|oast\.|transfer\.sh)/g,
    },
  ],
};
