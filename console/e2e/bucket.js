// A bucket of the server's own S3 that trails deliver into.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';

import { ACCOUNT } from './story.js';

const POLICY = readFileSync(new URL('../../examples/trail-bucket-policy.json', import.meta.url), 'utf8');

export async function makeBucket(server, name) {
  await put(server, `/${name}`, '');
  await put(server, `/${name}?policy`, POLICY.replaceAll('audit-logs', name).replaceAll('123456789012', ACCOUNT));
}

/** PUTs a body to a path of S3. */
export async function put(server, path, body) {
  const url = new URL(path, server.origin);
  const signer = new SignatureV4({
    credentials: { accessKeyId: server.key.access_key_id, secretAccessKey: server.key.secret_access_key },
    region: 'us-east-1',
    service: 's3',
    sha256: Sha256,
    uriEscapePath: false,
  });
  const signed = await signer.sign({
    method: 'PUT',
    protocol: url.protocol,
    hostname: url.hostname,
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: { host: url.host, 'x-amz-content-sha256': createHash('sha256').update(body).digest('hex') },
    body,
  });
  const { host, ...headers } = signed.headers;
  const answer = await fetch(url, { method: 'PUT', headers, body });
  if (!answer.ok) throw new Error(`PUT ${path} was answered ${answer.status} to ${host}: ${await answer.text()}`);
}
