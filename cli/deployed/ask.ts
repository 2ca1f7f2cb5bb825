import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import * as z from 'zod';
import type { AccountOptions } from '../account.ts';
import { noticing } from '../permissions/denials.ts';
import { regionsOf } from '../regions.ts';
import { problemText, UsageError, type Words } from '../usage-error.ts';

/** Whom to ask: a function by its name or ARN. */
export interface FunctionOptions extends AccountOptions {
  readonly function: string;
}

/** The payload of an invocation: an action and its words. Words that are undefined are not sent. */
export type Payload = { readonly action: string } & Readonly<Record<string, unknown>>;

/** Longer than the function may run: 240 s. */
const READ_MILLISECONDS = 300_000;
const CONNECT_MILLISECONDS = 10_000;

const answer = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), report: z.unknown(), skipped: z.string().optional() }),
  z.object({
    ok: z.literal(false),
    error: z.object({
      problems: z.array(z.object({ path: z.string(), value: z.unknown().optional(), expected: z.string() })),
    }),
  }),
]);

const failure = z.object({ errorType: z.string().optional(), errorMessage: z.string() });

/**
 * Invokes the deployed detector once: a check that is repeated would tell people twice. What it refuses is a usage
 * error in the words of the command line; `words` names the option or argument of a field where it is not `--field`.
 */
export async function ask<T>(
  payload: Payload,
  options: FunctionOptions,
  report: z.ZodType<T>,
  words: Words = {},
): Promise<T> {
  const text = await invoke(payload, options);
  const parsed = answer.safeParse(JSON.parse(text));
  if (!parsed.success) throw new FunctionFailedError(options.function, `it answered ${text.slice(0, 200)}`);
  const answered = parsed.data;
  if (!answered.ok) {
    throw new UsageError(
      answered.error.problems
        .map(({ path, value, expected }) => problemText(path, value, expected, words))
        .join('\n'),
    );
  }
  const read = report.safeParse(answered.report);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new FunctionFailedError(
    options.function,
    `its report is none of this version (${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}): deploy the version of this command`,
  );
}

async function invoke(payload: Payload, options: FunctionOptions): Promise<string> {
  const { function: name, profile } = options;
  const region = await functionRegion(options);
  const lambda = new LambdaClient({
    region,
    ...(profile === undefined ? {} : { profile }),
    maxAttempts: 1,
    requestHandler: { connectionTimeout: CONNECT_MILLISECONDS, socketTimeout: READ_MILLISECONDS },
  });
  const client = noticing('lambda', lambda);
  try {
    const { Payload, FunctionError } = await client.send(
      new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(payload) }),
    );
    const text = Payload?.transformToString() ?? '';
    if (FunctionError === undefined) return text;
    const { data } = failure.safeParse(JSON.parse(text || '{}'));
    throw new FunctionFailedError(name, data ? `${data.errorType ?? 'Error'}: ${data.errorMessage}` : text);
  } catch (error) {
    if (error instanceof Error && error.name === 'ResourceNotFoundException') {
      throw new UsageError(
        `--function ${JSON.stringify(name)}: no such function in ${region}; the stack's output FunctionName names it`,
      );
    }
    throw error;
  } finally {
    client.destroy();
  }
}

/** The Region that a function lives in: its ARN's, else what the options and the environment say. */
export async function functionRegion({ function: name, region, profile }: FunctionOptions): Promise<string> {
  const [one = '', another] = await regionsOf({ region: regionOfArn(name) ?? region, profile });
  if (another === undefined) return one;
  throw new UsageError(`--region ${JSON.stringify(region)}: expected one Region, as a function lives in one`);
}

/** A report that only the detector makes: looked at as far as another version of it would show. */
export const reportWith = <T>(shape: z.ZodType): z.ZodType<T> =>
  z.custom<T>((value) => shape.safeParse(value).success, { error: 'members are missing' });

const regionOfArn = (name: string): string | undefined => /^arn:[\w-]+:lambda:([\w-]+):/.exec(name)?.[1];

/** The function was reached and failed, or answered what this version does not understand. */
export class FunctionFailedError extends Error {
  override name = 'FunctionFailedError' as const;

  constructor(name: string, reason: string) {
    super(`the function ${name} failed: ${reason}`);
  }
}
