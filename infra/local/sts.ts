import * as z from 'zod';
import type { LocalClock } from './clock.ts';
import { parseInput } from './input.ts';
import { ApiError, type Service } from './service.ts';

/** The embedded STS, for tests and the demo to reach into. */
export interface LocalSts {
  /** ARNs of the roles that may be assumed. */
  readonly roles: Set<string>;
}

const assumeRoleInput = z.object({
  RoleArn: z.string().min(20),
  RoleSessionName: z.string().min(2),
  DurationSeconds: z.coerce.number().int().min(900).max(43_200).optional(),
});

/** Temporary access keys say of which account they are, so that other services know it. */
const accessKeyOf = (account: string): string => `ASIA${account}LOCL`;

/** The account of the role that an access key is of; undefined for lasting ones. */
export const accountOfRole = (accessKey: string): string | undefined =>
  /^ASIA(\d{12})LOCL$/.exec(accessKey)?.[1];

/** STS: AssumeRole (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html). */
export function createSts(clock: LocalClock): { service: Service; sts: LocalSts } {
  const sts: LocalSts = { roles: new Set() };
  const service: Service = {
    name: 'sts',
    xmlNamespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
    actions: {
      AssumeRole(input) {
        const { RoleArn, RoleSessionName, DurationSeconds = 3_600 } = parseInput(assumeRoleInput, input);
        if (!sts.roles.has(RoleArn)) {
          const message = `User is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`;
          throw new ApiError('AccessDenied', message, { status: 403 });
        }
        const [, , , , account = ''] = RoleArn.split(':');
        // The SDK compares the end with the real clock, whatever time it is here.
        const ends = Math.max(clock.now(), Date.now() / 1000) + DurationSeconds;
        return {
          Credentials: {
            AccessKeyId: accessKeyOf(account),
            SecretAccessKey: 'local-only',
            SessionToken: 'local-only',
            Expiration: new Date(ends * 1000).toISOString(),
          },
          AssumedRoleUser: {
            AssumedRoleId: `AROALOCAL:${RoleSessionName}`,
            Arn: `${RoleArn.replace(':iam:', ':sts:').replace(':role/', ':assumed-role/')}/${RoleSessionName}`,
          },
        };
      },
    },
    resource({ input }) {
      const arn = input['RoleArn'];
      return typeof arn === 'string' ? arn : undefined;
    },
  };
  return { service, sts };
}
