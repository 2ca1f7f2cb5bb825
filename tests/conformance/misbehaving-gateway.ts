import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ENDPOINT } from './moto.ts';

/** An answer in moto's place; `hangUp` cuts the connection. */
export type Fault = 'hangUp' | { readonly status: number; readonly body: string };

/** A gateway to moto that can be told to fail. */
export interface Gateway {
  readonly endpoint: string;
  /** Fails every request from now on, or none. */
  fail(fault: Fault | undefined): void;
  close(): Promise<void>;
}

/** Starts a gateway: moto itself never throttles, never fails and always answers. */
export async function startGateway(): Promise<Gateway> {
  let fault: Fault | undefined;
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      if (fault === 'hangUp') {
        request.socket.destroy();
        return;
      }
      if (fault) {
        response.writeHead(fault.status, { 'content-type': 'text/xml' }).end(fault.body);
        return;
      }
      const { host: _, connection: __, 'content-length': ___, ...headers } = request.headers;
      const answer = await fetch(new URL(request.url ?? '/', ENDPOINT), {
        method: request.method ?? 'POST',
        headers: headers as Record<string, string>,
        body: Buffer.concat(chunks),
      });
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/xml' });
      response.end(Buffer.from(await answer.arrayBuffer()));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fail(next) {
      fault = next;
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** A failure as services that speak AWS's Query protocol tell it. */
export const queryError = (status: number, code: string): Fault => ({
  status,
  body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${code}</Message></Error><RequestId>0</RequestId></ErrorResponse>`,
});
