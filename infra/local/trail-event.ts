import { seedOf, uniform, uuid } from './random.ts';
import type { TrailCall } from './trail-calls.ts';
import { arnParts } from './world.ts';
import type { WorldCaller } from './world-callers.ts';
import type { WorldSwitches } from './world-switches.ts';

/** An event as LookupEvents lists it. What it holds is as in https://docs.aws.amazon.com/kms/latest/developerguide/ct-decrypt.html. */
export function listedEvent(
  call: TrailCall,
  world: { readonly accountId: string; readonly region: string },
  names: WorldSwitches['trailResourceName'],
): unknown {
  const { keyArns, caller, id, at, operation } = call;
  return {
    EventId: id,
    EventName: operation,
    ReadOnly: 'true',
    EventTime: at,
    EventSource: 'kms.amazonaws.com',
    ...(caller.service === undefined && {
      Username: caller.user ?? sessionOf(caller),
      AccessKeyId: accessKeyOf(call),
    }),
    Resources: keyArns.map((arn) => ({
      ResourceType: 'AWS::KMS::Key',
      ResourceName: names === 'keyId' ? arnParts(arn).keyId : arn,
    })),
    CloudTrailEvent: JSON.stringify(recordOf(call, world)),
  };
}

function recordOf(
  call: TrailCall,
  { accountId, region }: { readonly accountId: string; readonly region: string },
) {
  const { keyArns, caller, id, at, operation, errorCode } = call;
  const seed = seedOf(id, 0);
  const [keyId] = keyArns;
  return {
    eventVersion: '1.11',
    userIdentity: identityOf(call, accountId),
    eventTime: new Date(at * 1000).toISOString().replace('.000Z', 'Z'),
    eventSource: 'kms.amazonaws.com',
    eventName: operation,
    awsRegion: region,
    sourceIPAddress: caller.service ?? caller.via ?? caller.sourceIp ?? '10.20.30.40',
    userAgent: caller.service ?? caller.via ?? caller.userAgent ?? 'aws-sdk-unknown',
    ...(errorCode !== undefined && { errorCode, errorMessage: errorCode }),
    requestParameters: {
      ...(caller.encryptionContext && { encryptionContext: contextOf(caller.encryptionContext, seed) }),
      keyId,
      encryptionAlgorithm: 'SYMMETRIC_DEFAULT',
    },
    responseElements: null,
    requestID: uuid(seed),
    eventID: id,
    readOnly: true,
    resources: keyArns.map((ARN) => ({ accountId: arnParts(ARN).accountId, type: 'AWS::KMS::Key', ARN })),
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: accountId,
    eventCategory: 'Management',
  };
}

/** Of a caller in another account, the key's owner sees little. */
function identityOf(call: TrailCall, accountId: string): unknown {
  const { caller, callerAccountId: account } = call;
  const invokedBy = caller.via === undefined ? {} : { invokedBy: caller.via };
  if (caller.service !== undefined) return { type: 'AWSService', invokedBy: caller.service };
  if (account !== accountId) {
    return {
      type: 'AWSAccount',
      principalId: `AROALOCALFOREIGN00000:${sessionOf(caller)}`,
      accountId: account,
      ...invokedBy,
    };
  }
  if (caller.user !== undefined) {
    return {
      type: 'IAMUser',
      principalId: 'AIDALOCALLOCALLOCAL00',
      arn: `arn:aws:iam::${account}:user/${caller.user}`,
      accountId: account,
      accessKeyId: accessKeyOf(call),
      userName: caller.user,
      ...invokedBy,
    };
  }
  const role = caller.role ?? 'app';
  return {
    type: 'AssumedRole',
    principalId: `AROALOCALLOCALLOCAL00:${sessionOf(caller)}`,
    arn: `arn:aws:sts::${account}:assumed-role/${role}/${sessionOf(caller)}`,
    accountId: account,
    accessKeyId: accessKeyOf(call),
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        principalId: 'AROALOCALLOCALLOCAL00',
        arn: `arn:aws:iam::${account}:role/${role}`,
        accountId: account,
        userName: role,
      },
      attributes: { mfaAuthenticated: 'false' },
    },
    ...invokedBy,
  };
}

const sessionOf = ({ session }: WorldCaller): string => session ?? 'session';

const accessKeyOf = ({ caller }: TrailCall): string =>
  caller.user === undefined ? 'ASIALOCALLOCALLOCAL0' : 'AKIALOCALLOCALLOCAL0';

/** Each call has another number in place of a `*`. */
const contextOf = (context: Readonly<Record<string, string>>, seed: number) =>
  Object.fromEntries(
    Object.entries(context).map(([name, value]) => [
      name,
      value.replaceAll('*', String(Math.floor(uniform(seed, 1) * 100_000)).padStart(5, '0')),
    ]),
  );
