// SPDX-License-Identifier: GPL-3.0-or-later
// Every request that the README shows works when it is pasted: its code blocks are run in order, as they stand, by a shell
// against a server of the test's own. The pause before each request is a person's, in which writes become visible.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';

import { ADMIN_KEY, Server } from '../server.mjs';

const run = promisify(execFile);
let server;
before(async () => {
  server = await Server.start();
});
after(() => server?.stop());

test('the requests of the README work when pasted, in order', async (context) => {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  const blocks = [...readme.matchAll(/^```\n([^`]*?)^```$/gm)].map((match) => match[1]).filter((block) => /^curl /m.test(block));
  assert.ok(blocks.length >= 8, 'the README lost its requests');
  const made = await server.request('POST', '/1/keys', { body: { acl: ['search'] } });
  const script = [
    'set -eu',
    'curl() { sleep 0.3; command curl --silent --show-error --fail-with-body --max-time 20 "$@" || { echo "FAILED: $*" >&2; return 1; }; echo; }',
    `URL=${server.url}`,
    `KEY=${ADMIN_KEY}`,
    'AUTH="-H X-Algolia-Application-Id:penchant -H X-Algolia-API-Key:$KEY"',
    ...blocks.map((block) => block.replaceAll('SOME_KEY', made.body.key)),
  ].join('\n');
  const { stdout } = await run('bash', ['-c', script], { maxBuffer: 1 << 26 }).catch((error) => {
    throw new Error(`${error.stderr}\n${error.stdout}`);
  });
  const personal = stdout.split('\n').find((line) => line.includes('"textualRelevanceBucket"'));
  assert.ok(personal, 'the first steps end with a personalised answer');
  context.diagnostic(`${(script.match(/^curl /gm) ?? []).length} requests`);
});
