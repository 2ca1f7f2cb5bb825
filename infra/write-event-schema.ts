import { writeFile } from 'node:fs/promises';
import * as z from 'zod';
import { eventDetail } from '../shared/event-document.ts';

// `io: 'input'`: receivers have to accept members that a later release adds.
const schema = z.toJSONSchema(eventDetail, { io: 'input' });
await writeFile(new URL('event.schema.json', import.meta.url), `${JSON.stringify(schema, undefined, 2)}\n`);
