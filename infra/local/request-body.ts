import type { IncomingMessage } from 'node:http';
import { gunzipSync } from 'node:zlib';

/** The body of a request as text. The SDK compresses large PutMetricData bodies. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk as Uint8Array));
  const body = Buffer.concat(chunks);
  return (request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString('utf8');
}
