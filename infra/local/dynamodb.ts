import type { IncomingHttpHeaders, Server } from 'node:http';
import { Readable } from 'node:stream';
import type { Answer } from './answer.ts';
import type { Call } from './service.ts';
import type { World } from './world.ts';

/** DynamoDB: dynalite, in memory and in process, asked without a port of its own. */
export interface LocalDynamoDb {
  answer(headers: IncomingHttpHeaders, body: string): Promise<Answer>;
  resource(call: Call): string | undefined;
}

/** A DynamoDB without tables. It is loaded with the first request, because loading takes a tenth of a second. */
export function createDynamoDb(world: World): LocalDynamoDb {
  let loading: Promise<Server> | undefined;
  const load = async (): Promise<Server> => {
    const { default: dynalite } = await import('dynalite');
    return dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  };

  return {
    async answer(headers, body) {
      loading ??= load();
      const server = await loading;
      return new Promise((resolve) => {
        const request = Object.assign(Readable.from([Buffer.from(body)]), {
          method: 'POST',
          url: '/',
          headers,
        });
        server.emit('request', request, collector(resolve));
      });
    },

    resource({ input, region }) {
      const table = tableOf(input);
      if (table === undefined) return undefined;
      const index = input['IndexName'];
      const arn = `arn:aws:dynamodb:${region}:${world.accountId}:table/${table}`;
      return typeof index === 'string' ? `${arn}/index/${index}` : arn;
    },
  };
}

function tableOf(input: Call['input']): string | undefined {
  const { TableName: table, RequestItems: items } = input;
  if (typeof table === 'string') return table;
  return typeof items === 'object' && items !== null ? Object.keys(items)[0] : undefined;
}

/** The response that dynalite writes to: it keeps what it is told and hands it over in one piece. */
function collector(resolve: (answer: Answer) => void) {
  const headers: Record<string, string> = {};
  return {
    statusCode: 200,
    contentType: '',
    setHeader(name: string, value: string | number) {
      headers[name.toLowerCase()] = String(value);
    },
    end(body = '') {
      resolve({ status: this.statusCode, headers, body });
    },
  };
}
