import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a double answers; `hangUp` cuts the connection. */
export type Answer =
  | { readonly status: number; readonly body: string; readonly headers?: Readonly<Record<string, string>> }
  | 'hangUp'
  | 'silence';

/** An HTTP server on this machine. */
export interface Double {
  readonly url: string;
  /** Bodies that arrived, oldest first. */
  readonly requests: string[];
  close(): Promise<void>;
}

/** Starts a server that answers every request by `answer`. */
export async function startDouble(answer: (body: string) => Answer): Promise<Double> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    void respond(request, response, (body) => {
      requests.push(body);
      return answer(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, requests, close: () => close(server) };
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  answer: (body: string) => Answer,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const answered = answer(Buffer.concat(chunks).toString('utf8'));
  if (answered === 'silence') return;
  if (answered === 'hangUp') {
    request.socket.destroy();
    return;
  }
  response.writeHead(answered.status, answered.headers ?? {});
  response.end(answered.body);
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
