// The server under test: the one that AWS_ENDPOINT_URL and the other AWS_ variables name, else one of our own on a
// temporary folder.

import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const BINARY = process.env.OPENTRAIL_BIN ?? fileURLToPath(new URL("../../target/debug/opentrail", import.meta.url));

/** Answers `{ endpoint, credentials, stop }`. */
export async function connect() {
  if (process.env.AWS_ENDPOINT_URL) {
    const credentials = {
      accessKeyId: process.env.AWS_ACCESS_KEY_ID,
      secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY,
      sessionToken: process.env.AWS_SESSION_TOKEN,
    };
    return { endpoint: process.env.AWS_ENDPOINT_URL, credentials, stop: async () => {} };
  }
  return start();
}

async function start() {
  const folder = await mkdtemp(join(tmpdir(), "opentrail-js-"));
  const data = join(folder, "data");
  const port = await freePort();
  const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(AWS|OPENTRAIL)_/.test(name)));
  const flags = ["--delivery-interval", "1s", "--digest-interval", "5s"];
  const server = spawn(BINARY, ["serve", "--data-dir", data, "--listen", `127.0.0.1:${port}`, ...flags], {
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const log = [];
  const exited = new Promise((resolve) => server.on("close", resolve));
  for (const stream of [server.stdout, server.stderr]) stream.on("data", (text) => log.push(text));
  const stop = async () => {
    server.kill("SIGTERM");
    const code = await exited;
    await rm(folder, { recursive: true, force: true });
    if (code !== 0) throw new Error(`the server ended with ${code}:\n${log.join("")}`);
  };
  const endpoint = `http://127.0.0.1:${port}`;
  await ready(endpoint, server, log);
  const file = JSON.parse(await readFile(join(data, "client.json"), "utf8"));
  const credentials = { accessKeyId: file.access_key_id, secretAccessKey: file.secret_access_key };
  return { endpoint, credentials, stop };
}

async function ready(endpoint, server, log) {
  for (let attempt = 0; attempt < 600; attempt += 1) {
    if (server.exitCode !== null) break;
    const answer = await fetch(`${endpoint}/readyz`).catch(() => null);
    if (answer?.status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the server was not ready after 30 s:\n${log.join("")}`);
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
