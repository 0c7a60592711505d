import { Sha256 } from '@aws-crypto/sha256-js';
import { HttpRequest } from '@smithy/core/transport';
import { SignatureV4 } from '@smithy/signature-v4';

import { CONSOLE_HEADER } from './console-header';
import type { Credentials } from './credentials';
import { ApiError } from './error';
import { readLines } from './ndjson';

/**
 * Calls of the extensions that stock SDKs don't know: JSON 1.1 like CloudTrail's own, signed for the service
 * `opentrail`.
 */
export class OpenTrail {
  readonly #signer: SignatureV4;

  constructor(
    credentials: Credentials,
    private readonly origin: string = window.location.origin,
  ) {
    const { region, ...key } = credentials;
    this.#signer = new SignatureV4({ credentials: key, region, service: 'opentrail', sha256: Sha256 });
  }

  /** Asks, and waits for the whole answer. */
  async call<Answer>(operation: string, input: object, signal?: AbortSignal): Promise<Answer> {
    const response = await this.#post(operation, input, signal);
    return (await response.json()) as Answer;
  }

  /** Asks, and gives each line of the answer as it arrives. */
  async *stream<Line>(operation: string, input: object, signal?: AbortSignal): AsyncGenerator<Line> {
    const response = await this.#post(operation, input, signal);
    if (response.body) yield* readLines<Line>(response.body);
  }

  async #post(operation: string, input: object, signal?: AbortSignal): Promise<Response> {
    const url = new URL('/', this.origin);
    const unsigned = new HttpRequest({
      method: 'POST',
      protocol: url.protocol,
      hostname: url.hostname,
      port: url.port === '' ? undefined : Number(url.port),
      path: '/',
      headers: {
        host: url.host,
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `OpenTrail.${operation}`,
        ...CONSOLE_HEADER,
      },
      body: JSON.stringify(input),
    });
    const signed = await this.#signer.sign(unsigned);
    const headers = new Headers(signed.headers);
    // The browser names the host itself.
    headers.delete('host');
    const response = await fetch(url, { method: 'POST', headers, body: unsigned.body as string, signal });
    if (!response.ok) throw await ApiError.ofResponse(response);
    return response;
  }
}
