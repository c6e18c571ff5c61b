import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { newId } from '../../../server/base/uuid.ts';
import { OriginalSystem } from '../../support/original-database.ts';
import { absent, hash, type Verb } from '../verb.ts';

/** All of a database or nothing: a message stands for what is in it, its thread and its delivery. */
export const importRun: Verb = {
  effect: 'adds',
  mayRepeat: true,
  attempt(stage, sender, random) {
    const folder = realpathSync(stage.newFolder(newId()));
    const path = join(folder, 'btmsg.db');
    const [key, text] = [newId<string>(), random.text(60)];
    const system = new OriginalSystem(path);
    const order = system.message('mgr', 'bld', key, { read: 1 });
    system.message('bld', 'mgr', text, { reply_to: order, created_at: '2025-01-03 00:00:00' });
    system.close();
    return {
      entry: { verb: 'import/run', sender: sender.name, n: sender.n, key, bodyHash: hash(text), audits: [`import_finished ${path}`] },
      perform: async (voice) => void (await voice.call('import/run', { dir: folder })),
    };
  },
  find(data, { key }) {
    const copies = data.count(data.btmsg, 'select count(*) as count from messages where body = ?', key);
    const reply = data.one(
      data.btmsg,
      'select r.body, d.state from messages m left join messages r on r.reply_to = m.id left join deliveries d on d.message_id = r.id where m.body = ?',
      key,
    );
    if (!reply) return absent;
    const broken = reply.state === 'dead' ? {} : { broken: 'its reply was not settled' };
    return { copies, bodyHash: hash(String(reply.body)), ...broken };
  },
  audited: { import_finished: ({ detail }) => String(detail.path) },
};
