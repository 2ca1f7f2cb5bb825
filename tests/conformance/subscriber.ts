import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A message of SNS as its HTTP subscribers get it. */
export interface Notice {
  readonly Subject?: string;
  readonly Message: string;
}

/** Somebody who hears a topic, or a Slack channel: an HTTP server that keeps what arrives. */
export interface Subscriber {
  readonly url: string;
  /** Bodies, oldest first. */
  readonly bodies: string[];
  close(): Promise<void>;
}

export async function startSubscriber(): Promise<Subscriber> {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      bodies.push(Buffer.concat(chunks).toString('utf8'));
      response.end('ok');
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    bodies,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** What SNS has brought to a subscriber. */
export const noticesOf = ({ bodies }: Subscriber): Notice[] =>
  bodies
    .map((body) => JSON.parse(body) as Notice & { Type: string })
    .filter(({ Type }) => Type === 'Notification');
