import * as z from 'zod';
import type { LocalClock } from './clock.ts';
import { pagePosition, pageToken } from './page-token.ts';
import { ApiError, type Input, type Service } from './service.ts';
import { callsOf, findCall, keyArnsOf, mergeCalls, type TrailCall, type TrailSpan } from './trail-calls.ts';
import { listedEvent } from './trail-event.ts';
import { arnParts, type World } from './world.ts';

/** The embedded CloudTrail, for tests and the demo to reach into. */
export interface LocalCloudTrail {
  /** Look-ups a second, by the wall clock; Infinity for no limit. @default 2 */
  requestsPerSecond: number;
  /** Calls besides those that the world counts, such as refused ones. */
  readonly calls: TrailCall[];
  /** The newest successful use of a key up to a moment, whether CloudTrail shows it already or not. */
  lastUse(keyArn: string, through: number): TrailCall | undefined;
}

const PAGE = 50;
const HISTORY_SECONDS = 90 * 86_400;

const lookupInput = z.object({
  LookupAttributes: z
    .array(z.object({ AttributeKey: z.string(), AttributeValue: z.string().min(1).max(2000) }))
    .max(1)
    .optional(),
  StartTime: z.number().optional(),
  EndTime: z.number().optional(),
  MaxResults: z.number().int().min(1).max(PAGE).optional(),
  NextToken: z.string().optional(),
});

type LookupInput = z.infer<typeof lookupInput>;

/**
 * CloudTrail's event history of a world's calls to KMS
 * (https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html). Nothing is kept: a page is
 * made up from the world's counters when it is asked for.
 */
export function createCloudTrail(
  world: World,
  clock: LocalClock,
): { service: Service; cloudtrail: LocalCloudTrail } {
  const admit = limiter(() => cloudtrail.requestsPerSecond);

  const callsMatching = (request: LookupInput, span: TrailSpan): Iterable<TrailCall> => {
    const [attribute] = request.LookupAttributes ?? [];
    const { AttributeKey: key, AttributeValue: value = '' } = attribute ?? {};
    const added = cloudtrail.calls.toSorted((a, b) => b.at - a.at);
    const all = (ofSeries: readonly number[], isMeant: (call: TrailCall) => boolean) =>
      mergeCalls([
        ...ofSeries.map((index) => callsOf(world, index, span)),
        added.filter((call) => within(call, span) && isMeant(call)).values(),
      ]);
    const indices = [...world.series.keys()];
    switch (key) {
      case undefined:
        return all(indices, () => true);
      case 'EventId': {
        const call = findCall(world, value) ?? added.find(({ id }) => id === value);
        return call && within(call, span) ? [call] : [];
      }
      case 'ResourceName': {
        const isNamed = (keyArns: readonly string[]) => keyArns.some((arn) => nameOf(arn) === value);
        const named = [...world.series.entries()].filter(([, series]) => isNamed(keyArnsOf(series)));
        return all(
          named.map(([index]) => index),
          ({ keyArns }) => isNamed(keyArns),
        );
      }
      case 'EventName': {
        const named = [...world.series.entries()].filter(([, { dimensions }]) =>
          dimensions.some(({ Name, Value }) => Name === 'Operation' && Value === value),
        );
        return all(
          named.map(([index]) => index),
          ({ operation }) => operation === value,
        );
      }
      case 'EventSource':
        return value === 'kms.amazonaws.com' ? all(indices, () => true) : [];
      case 'ResourceType':
        return value === 'AWS::KMS::Key' ? all(indices, () => true) : [];
      case 'ReadOnly':
        return value === 'true' ? all(indices, () => true) : [];
      default:
        throw new ApiError(
          'InvalidLookupAttributesException',
          `The embedded AWS does not look up events by ${key}.`,
        );
    }
  };

  const nameOf = (arn: string): string | undefined => {
    const names = world.switches.trailResourceName;
    if (names === 'none') return undefined;
    return names === 'arn' ? arn : arnParts(arn).keyId;
  };

  const service: Service = {
    name: 'cloudtrail',
    actions: {
      LookupEvents(input, { region }) {
        admit();
        const request = parse(input);
        const { item, asOf } = position(input, request.NextToken, clock.now());
        if (region !== world.region) return { Events: [] };
        const { from, through } = spanOf(request, asOf, world.switches.trailDelaySeconds);
        const limit = request.MaxResults ?? PAGE;
        const { page, more } = slice(callsMatching(request, { from, through }), item, limit);
        return {
          Events: page.map((call) => listedEvent(call, world, world.switches.trailResourceName)),
          ...(more && { NextToken: pageToken(input, { item: item + limit, part: 0, asOf }) }),
        };
      },
    },
  };

  const cloudtrail: LocalCloudTrail = {
    requestsPerSecond: 2,
    calls: [],
    lastUse(keyArn, through) {
      const series = [...world.series.entries()].filter(([, one]) => keyArnsOf(one).includes(keyArn));
      const span = { from: through - HISTORY_SECONDS, through };
      const added = cloudtrail.calls
        .filter((call) => call.keyArns.includes(keyArn) && !call.errorCode && within(call, span))
        .toSorted((a, b) => b.at - a.at);
      const [newest] = mergeCalls([...series.map(([index]) => callsOf(world, index, span)), added.values()]);
      return newest;
    },
  };
  return { service, cloudtrail };
}

const within = ({ at }: TrailCall, { from, through }: TrailSpan): boolean => at >= from && at <= through;

/** What can be seen of the time asked about. */
function spanOf({ StartTime, EndTime }: LookupInput, now: number, delaySeconds: number): TrailSpan {
  if (StartTime !== undefined && EndTime !== undefined && StartTime > EndTime) {
    throw new ApiError('InvalidTimeRangeException', 'The start time is after the end time.');
  }
  return {
    from: Math.max(StartTime ?? 0, now - HISTORY_SECONDS),
    through: Math.min(EndTime ?? now, now - delaySeconds),
  };
}

function slice(calls: Iterable<TrailCall>, skip: number, limit: number) {
  const page: TrailCall[] = [];
  let n = 0;
  for (const call of calls) {
    if (n++ < skip) continue;
    if (page.length === limit) return { page, more: true };
    page.push(call);
  }
  return { page, more: false };
}

/** Errors of LookupEvents name what is wrong. */
const ERRORS: Readonly<Record<string, string>> = {
  LookupAttributes: 'InvalidLookupAttributesException',
  MaxResults: 'InvalidMaxResultsException',
};

function parse(input: Input): LookupInput {
  const parsed = lookupInput.safeParse(input);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const name = String(issue?.path[0] ?? 'request');
  throw new ApiError(
    ERRORS[name] ?? 'InvalidParameterException',
    `${name} is not valid: ${issue?.message ?? ''}`,
  );
}

function position(input: Input, token: string | undefined, now: number) {
  try {
    return pagePosition(input, token, now);
  } catch (cause) {
    if (!(cause instanceof ApiError)) throw cause;
    throw new ApiError('InvalidNextTokenException', 'The token is not valid.');
  }
}

/** Lets a second's requests through at once and refills as time passes. */
function limiter(perSecond: () => number): () => void {
  let tokens = Number.NaN;
  let filledAtMs = 0;
  return () => {
    const rate = perSecond();
    if (rate === Number.POSITIVE_INFINITY) return;
    const nowMs = performance.now();
    const filled = Number.isNaN(tokens) ? rate : tokens + ((nowMs - filledAtMs) / 1000) * rate;
    tokens = Math.min(rate, filled);
    filledAtMs = nowMs;
    if (tokens < 1) throw new ApiError('ThrottlingException', 'Rate exceeded');
    tokens -= 1;
  };
}
