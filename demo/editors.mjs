// SPDX-License-Identifier: GPL-3.0-or-later
// What the shop's editors do once the products are there: other orders of them, synonyms, rules.
import { readFile } from 'node:fs/promises';
import path from 'node:path';

const TASK_MS_MAX = 60000;

/** `call(method, target, body)` gives the parsed answer; `catalog` is a folder that generate.mjs has filled. */
export async function arrange_shop(call, catalog, index = 'shop') {
  const content = async (name) => JSON.parse(await readFile(path.join(catalog, `${name}.json`), 'utf8'));
  const replicas = await content('replicas');
  const names = Object.keys(replicas).map((ending) => `virtual(${index}${ending})`);
  const tasks = [[index, await call('PUT', `/1/indexes/${index}/settings`, { replicas: names })]];
  for (const [ending, settings] of Object.entries(replicas))
    tasks.push([index + ending, await call('PUT', `/1/indexes/${index}${ending}/settings`, settings)]);
  for (const [name, flag] of Object.entries({ synonyms: 'replaceExistingSynonyms', rules: 'clearExistingRules' })) {
    const target = `/1/indexes/${index}/${name}/batch?${flag}=true&forwardToReplicas=true`;
    tasks.push([index, await call('POST', target, await content(name))]);
  }
  for (const [of, { taskID }] of tasks) {
    for (const until = Date.now() + TASK_MS_MAX; ; ) {
      if ((await call('GET', `/1/indexes/${of}/task/${taskID}`)).status === 'published') break;
      if (Date.now() > until) throw new Error(`Task ${taskID} of ${of} was not done within ${TASK_MS_MAX / 1000} s.`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
