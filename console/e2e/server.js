// A real server on a free loopback port, with events in it.
import { spawn } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ACCOUNT } from './story.js';

const ROOT = new URL('../../', import.meta.url).pathname;
const BINARY = process.env.OPENTRAIL_BIN ?? join(ROOT, 'target/debug/opentrail');
const READY_MS = 60_000;

/** The environment without what a developer has set for other servers. */
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(AWS_|OPENTRAIL_)/.test(name)));

export class Server {
  static async start() {
    const server = new Server();
    server.folder = mkdtempSync(join(tmpdir(), 'console-e2e-'));
    server.data = join(server.folder, 'data');
    server.origin = `http://127.0.0.1:${await freePort()}`;
    server.log = join(server.folder, 'log');
    const flags = ['--listen', new URL(server.origin).host, '--account-id', ACCOUNT, '--log-format', 'json'];
    const fast = ['--delivery-interval', '1s', '--digest-interval', '3s'];
    const log = openSync(server.log, 'a');
    server.process = spawn(BINARY, ['serve', '--data-dir', server.data, ...flags, ...fast], { stdio: ['ignore', log, log], env: environment });
    await server.#ready();
    server.key = JSON.parse(readFileSync(join(server.data, 'client.json'), 'utf8'));
    return server;
  }

  async #ready() {
    const end = Date.now() + READY_MS;
    while (Date.now() < end) {
      if (this.process.exitCode !== null) throw new Error(`the server ended with ${this.process.exitCode}:\n${this.logText()}`);
      const answer = await fetch(`${this.origin}/readyz`).catch(() => undefined);
      if (answer?.ok) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`the server was not ready after ${READY_MS} ms:\n${this.logText()}`);
  }

  /** Brings log files in. */
  import(path) {
    return new Promise((resolve, reject) => {
      const talk = [];
      const run = spawn(BINARY, ['import', '--data-dir', this.data, path], { env: environment });
      run.stdout.on('data', (bytes) => talk.push(bytes));
      run.stderr.on('data', (bytes) => talk.push(bytes));
      run.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`import ended with ${code}: ${Buffer.concat(talk)}`))));
    });
  }

  logText() {
    return readFileSync(this.log, 'utf8');
  }

  /** What the server itself complained of. */
  complaints() {
    const lines = this.logText().split('\n').filter((line) => line.startsWith('{'));
    return lines.map((line) => JSON.parse(line)).filter(({ level }) => level === 'WARN' || level === 'ERROR');
  }

  async stop() {
    const ended = new Promise((resolve) => this.process.once('close', resolve));
    this.process.kill('SIGTERM');
    await ended;
    rmSync(this.folder, { recursive: true });
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
