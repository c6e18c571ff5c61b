/** Which feature answers the task methods. */
import type { Caller, Handlers } from '../dispatch.ts';
import { partyOf } from '../policy/callers.ts';
import type { By } from '../tasks/surroundings.ts';
import type { Tasks } from '../tasks/tasks.ts';

export function taskHandlers({ tasks }: { readonly tasks: Tasks }): Pick<Handlers, Extract<keyof Handlers, `task/${string}`>> {
  return {
    'task/list': (params, caller) => tasks.list(params, byOf(caller)),
    'task/add': (params, caller) => tasks.add(params, byOf(caller)),
    'task/edit': (params, caller) => tasks.edit(params, byOf(caller)),
    'task/assign': (params, caller) => tasks.assign(params, byOf(caller)),
    'task/move': (params, caller) => tasks.move(params, byOf(caller)),
    'task/comment': (params, caller) => tasks.comment(params, byOf(caller)),
    'task/show': (params, caller) => tasks.show(params, byOf(caller)),
    'task/remove': (params, caller) => {
      tasks.remove(params, byOf(caller));
      return {};
    },
  };
}

function byOf(caller: Caller): By {
  return { as: partyOf(caller), actor: caller.kind };
}
