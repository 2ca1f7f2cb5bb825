import { createHash } from 'node:crypto';
import * as z from 'zod';
import { parseInput } from './input.ts';
import { pagePosition, pageToken } from './page-token.ts';
import { seedOf, uuid } from './random.ts';
import { ApiError, type Input, type Service } from './service.ts';
import type { KeySpec, World, WorldKey } from './world.ts';

/** The embedded KMS, for tests and the demo to reach into. */
export interface LocalKms {
  /** Keys that were made besides those of the world. */
  readonly keys: WorldKey[];
  /** Deletes a key for good: KMS knows neither it nor its aliases any more. */
  remove(keyId: string): void;
}

const pageInput = (max: number) =>
  z.object({
    Limit: z.number().int().min(1).max(max).optional(),
    Marker: z.string().optional(),
    KeyId: z.string().optional(),
  });
const describeKeyInput = z.object({ KeyId: z.string().min(1).max(2048) });

/** AWS's own aliases that exist in every account before they point to a key. */
const UNUSED_AWS_ALIASES = ['alias/aws/ebs', 'alias/aws/rds', 'alias/aws/sns'];

/** A use of a key, by its event in CloudTrail. */
interface KeyUse {
  readonly id: string;
  readonly at: number;
  readonly operation: string;
}

/**
 * KMS of a world: ListKeys, ListAliases, DescribeKey and GetKeyLastUsage
 * (https://docs.aws.amazon.com/kms/latest/APIReference/Welcome.html).
 */
export function createKms(
  world: World,
  lastUse: (keyArn: string) => KeyUse | undefined = () => undefined,
): { service: Service; kms: LocalKms } {
  const removed = new Set<string>();
  const kms: LocalKms = { keys: [], remove: (keyId) => void removed.add(keyId) };
  const keysIn = (region: string) =>
    [...world.keys, ...kms.keys].filter(
      ({ arn, keyId }) => arn.split(':')[3] === region && !removed.has(keyId),
    );
  const own = (region: string) => keysIn(region).filter((key) => key.ownerAccountId === world.accountId);

  const find = (keyId: string, region: string): WorldKey | undefined => {
    const prefix = `arn:aws:kms:${region}:${world.accountId}:`;
    const name = keyId.startsWith(`${prefix}alias/`) ? keyId.slice(prefix.length) : keyId;
    return name.startsWith('alias/')
      ? own(region).find(({ aliases }) => aliases.includes(name))
      : keysIn(region).find(
          (key) => key.arn === name || (key.keyId === name && key.ownerAccountId === world.accountId),
        );
  };

  const service: Service = {
    name: 'kms',
    actions: {
      ListKeys(input, { region }) {
        const request = parseInput(pageInput(1000), input);
        const keys = own(region).map(({ keyId, arn }) => ({ KeyId: keyId, KeyArn: arn }));
        return page('Keys', keys, input, request.Limit ?? 100, request.Marker);
      },

      ListAliases(input, { region }) {
        const request = parseInput(pageInput(100), input);
        const aliases = own(region).flatMap((key) => key.aliases.map((name) => alias(name, key)));
        const arn = `arn:aws:kms:${region}:${world.accountId}:`;
        const unused = UNUSED_AWS_ALIASES.map((name) => ({ AliasName: name, AliasArn: arn + name }));
        if (request.KeyId === undefined)
          return page('Aliases', [...aliases, ...unused], input, request.Limit ?? 50, request.Marker);
        const key = find(request.KeyId, region) ?? notFound(request.KeyId, world, region);
        const ofKey = aliases.filter(({ TargetKeyId }) => TargetKeyId === key.keyId);
        return page('Aliases', ofKey, input, request.Limit ?? 50, request.Marker);
      },

      DescribeKey(input, { region }) {
        const { KeyId } = parseInput(describeKeyInput, input);
        const key = find(KeyId, region) ?? notFound(KeyId, world, region);
        if (key.ownerAccountId !== world.accountId) throw accessDenied(key, world);
        return { KeyMetadata: metadata(key) };
      },

      GetKeyLastUsage(input, { region }) {
        const { KeyId } = parseInput(describeKeyInput, input);
        const key = KeyId.includes('alias/') ? undefined : find(KeyId, region);
        if (!key) notFound(KeyId, world, region);
        if (key.ownerAccountId !== world.accountId) throw accessDenied(key, world, 'kms:GetKeyLastUsage');
        const use = lastUse(key.arn);
        return {
          KeyId: key.keyId,
          KeyCreationDate: key.createdAt,
          TrackingStartDate: key.createdAt,
          KeyLastUsage: use
            ? {
                Operation: use.operation,
                Timestamp: use.at,
                CloudTrailEventId: use.id,
                KmsRequestId: uuid(seedOf(use.id, 0)),
              }
            : {},
        };
      },
    },

    resource({ input, region }) {
      const keyId = input['KeyId'];
      return typeof keyId === 'string' ? find(keyId, region)?.arn : undefined;
    },
  };
  return { service, kms };
}

function page<T>(
  member: string,
  items: readonly T[],
  input: Input,
  limit: number,
  marker: string | undefined,
): unknown {
  const request = { ...input, Marker: undefined };
  const { item } = marker === undefined ? { item: 0 } : markerPosition(request, marker);
  const end = item + limit;
  const more = end < items.length;
  return {
    [member]: items.slice(item, end),
    Truncated: more,
    ...(more && { NextMarker: pageToken(request, { item: end, part: 0, asOf: 0 }) }),
  };
}

function markerPosition(request: Input, marker: string): { readonly item: number } {
  try {
    return pagePosition(request, marker, 0);
  } catch (cause) {
    if (!(cause instanceof ApiError)) throw cause;
    throw new ApiError('InvalidMarkerException', 'Could not deserialize marker');
  }
}

const alias = (name: string, key: WorldKey) => ({
  AliasName: name,
  AliasArn: key.arn.replace(/key\/.*$/, name),
  TargetKeyId: key.keyId,
  CreationDate: key.createdAt,
  LastUpdatedDate: key.createdAt,
});

function notFound(keyId: string, world: World, region: string): never {
  const arn = keyId.startsWith('arn:')
    ? keyId
    : `arn:aws:kms:${region}:${world.accountId}:${keyId.startsWith('alias/') ? '' : 'key/'}${keyId}`;
  const what = arn.includes(':alias/') ? `Alias ${arn} is not found.` : `Key '${arn}' does not exist`;
  throw new ApiError('NotFoundException', what);
}

const accessDenied = (key: WorldKey, world: World, action = 'kms:DescribeKey'): ApiError =>
  new ApiError(
    'AccessDeniedException',
    `User: arn:aws:sts::${world.accountId}:assumed-role/local/session is not authorized to perform: ${action} on resource: ${key.arn} because no resource-based policy allows the ${action} action`,
  );

const USAGES: Readonly<
  Record<KeySpec, readonly [usage: string, algorithms: Readonly<Record<string, readonly string[]>>]>
> = {
  SYMMETRIC_DEFAULT: ['ENCRYPT_DECRYPT', { EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'] }],
  RSA_2048: ['SIGN_VERIFY', { SigningAlgorithms: ['RSASSA_PKCS1_V1_5_SHA_256', 'RSASSA_PSS_SHA_256'] }],
  RSA_4096: ['SIGN_VERIFY', { SigningAlgorithms: ['RSASSA_PKCS1_V1_5_SHA_256', 'RSASSA_PSS_SHA_256'] }],
  ECC_NIST_P256: ['SIGN_VERIFY', { SigningAlgorithms: ['ECDSA_SHA_256'] }],
  HMAC_256: ['GENERATE_VERIFY_MAC', { MacAlgorithms: ['HMAC_SHA_256'] }],
};

function metadata(key: WorldKey) {
  const [usage, algorithms] = USAGES[key.keySpec];
  return {
    AWSAccountId: key.ownerAccountId,
    KeyId: key.keyId,
    Arn: key.arn,
    CreationDate: key.createdAt,
    Enabled: key.state === 'Enabled',
    Description: key.description,
    KeyUsage: usage,
    KeyState: key.state,
    Origin: 'AWS_KMS',
    KeyManager: key.manager,
    CustomerMasterKeySpec: key.keySpec,
    KeySpec: key.keySpec,
    ...algorithms,
    MultiRegion: key.multiRegion,
    ...(key.multiRegion && {
      MultiRegionConfiguration: {
        MultiRegionKeyType: 'PRIMARY',
        PrimaryKey: { Arn: key.arn, Region: key.arn.split(':')[3] },
        ReplicaKeys: [],
      },
    }),
    CurrentKeyMaterialId: createHash('sha256').update(key.arn).digest('hex'),
  };
}
