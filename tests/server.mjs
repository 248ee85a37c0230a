// SPDX-License-Identifier: GPL-3.0-or-later
// A Penchant server of a test's own: on a free port of the loopback address, with its data in a new folder, and gone
// when the test is. The executable is named by PENCHANT_BINARY.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const ADMIN_KEY = 'admin-key-of-the-tests';
export const APP_ID = 'penchant';

export function binary() {
  const found = process.env.PENCHANT_BINARY;
  if (!found) throw new Error('Set PENCHANT_BINARY to the penchant executable, as in build/release/penchant');
  return path.resolve(found);
}

export const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** A port that was free a moment ago. */
export function free_port() {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

export const make_folder = () => mkdtemp(path.join(tmpdir(), 'penchant-test-'));

export class Server {
  #child = null;
  #exit = null;
  #log = '';
  #owns_folder = false;

  constructor(data, port, owns_folder) {
    this.data = data;
    this.port = port;
    this.url = `http://127.0.0.1:${port}`;
    this.#owns_folder = owns_folder;
  }

  /** Starts one and waits until it answers. Without `data` the folder is new, and removed by stop(). */
  static async start({ data, port, flags = [] } = {}) {
    const server = new Server(data ?? (await make_folder()), port ?? (await free_port()), !data);
    await server.launch(flags);
    return server;
  }

  /** Starts the process again on the same folder and port, and returns the seconds until it was ready. */
  async launch(flags = [], seconds_max = 30) {
    const started = performance.now();
    this.#log = '';
    const child = spawn(
      binary(),
      ['serve', '--data', this.data, '--listen', `127.0.0.1:${this.port}`, '--admin-key', ADMIN_KEY, ...flags],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    this.#child = child;
    const keep = (chunk) => {
      this.#log = (this.#log + chunk).slice(-20000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    this.#exit = new Promise((resolve) => {
      child.once('error', (error) => resolve({ error }));
      child.once('exit', (code, signal) => resolve({ code, signal }));
    });
    for (;;) {
      const seconds = (performance.now() - started) / 1000;
      const exit = await Promise.race([this.#exit, sleep(10)]);
      if (exit) throw new Error(`The server ended before it was ready: ${JSON.stringify(exit)}\n${this.#log}`);
      if (seconds > seconds_max) {
        await this.kill();
        throw new Error(`The server was not ready after ${seconds_max} s\n${this.#log}`);
      }
      const answer = await fetch(`${this.url}/health`).catch(() => null);
      if (answer?.ok) return seconds;
      await answer?.body?.cancel();
    }
  }

  get log() {
    return this.#log;
  }

  get pid() {
    return this.#child?.pid;
  }

  /** SIGKILL: what a crash of the process looks like. */
  async kill() {
    this.#child?.kill('SIGKILL');
    await this.#exit;
    this.#child = null;
  }

  /** SIGTERM, and the exit code; a server that does not leave in ten seconds is killed and the test told. */
  async stop() {
    let exit = { code: 0 };
    if (this.#child) {
      this.#child.kill('SIGTERM');
      exit = await Promise.race([this.#exit, sleep(10000)]);
      if (!exit) {
        await this.kill();
        throw new Error(`The server did not stop within 10 s of SIGTERM\n${this.#log}`);
      }
      this.#child = null;
    }
    if (this.#owns_folder) await rm(this.data, { recursive: true, force: true });
    return exit.code;
  }

  /** A plain request, for what no client would send. Returns {status, headers, text, body}; body is the parsed JSON. */
  async request(method, target, { body, key = ADMIN_KEY, headers = {} } = {}) {
    const answer = await fetch(this.url + target, {
      method,
      headers: {
        'x-algolia-application-id': APP_ID,
        ...(key ? { 'x-algolia-api-key': key } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined || typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
    });
    const text = await answer.text();
    let parsed;
    try {
      parsed = JSON.parse(text);
    } catch {
      parsed = undefined;
    }
    return { status: answer.status, headers: answer.headers, text, body: parsed };
  }

  /** Waits until a write is visible; 10 seconds at most. */
  async published(index, taskID) {
    for (let attempt = 0; attempt < 500; attempt += 1) {
      const { status, body } = await this.request('GET', `/1/indexes/${encodeURIComponent(index)}/task/${taskID}`);
      if (status !== 200) throw new Error(`task ${taskID} of ${index}: ${status} ${JSON.stringify(body)}`);
      if (body.status === 'published') return;
      await sleep(20);
    }
    throw new Error(`Task ${taskID} of ${index} was not published within 10 s`);
  }
}
