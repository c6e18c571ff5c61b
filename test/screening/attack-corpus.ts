/** Every attack that the screening is measured with, family by family; the same texts each time. */
import { deedFamilies } from './attacks/deeds.ts';
import { disguiseFamilies } from './attacks/disguises.ts';
import { heldOutFamilies } from './attacks/held-out.ts';
import { orderFamilies } from './attacks/orders.ts';
import type { AttackFamily } from './expand.ts';
import { paraphrasedFamily } from './paraphrases.ts';

export const attackFamilies: readonly AttackFamily[] = [
  ...orderFamilies,
  ...deedFamilies,
  ...disguiseFamilies,
  ...heldOutFamilies,
  paraphrasedFamily,
];
