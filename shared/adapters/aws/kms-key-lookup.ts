import { DescribeKeyCommand, type KMSClient, paginateListAliases } from '@aws-sdk/client-kms';
import type { KeyLookup } from '../../app/ports.ts';
import type { KeyFacts } from '../../domain/assess/key-facts.ts';
import { type KeyArn, parseKeyArn } from '../../domain/usage/key.ts';

/** Characters of a description that are kept: it is for people, and KMS allows 8,192. */
const MAX_DESCRIPTION = 256;

const NOT_OURS = new Set(['NotFoundException', 'AccessDeniedException', 'InvalidArnException']);

/** Names and specs of keys by ListAliases and DescribeKey. */
export class KmsKeyLookup implements KeyLookup {
  readonly #client: KMSClient;

  constructor(client: KMSClient) {
    this.#client = client;
  }

  async listAliases(): Promise<ReadonlyMap<KeyArn, readonly string[]>> {
    const aliases = new Map<KeyArn, string[]>();
    for await (const page of paginateListAliases({ client: this.#client }, { Limit: 100 })) {
      for (const { AliasName, AliasArn, TargetKeyId } of page.Aliases ?? []) {
        const keyArn = targetArn(AliasArn, TargetKeyId);
        if (!keyArn || !AliasName) continue;
        const names = aliases.get(keyArn);
        if (names) names.push(AliasName);
        else aliases.set(keyArn, [AliasName]);
      }
    }
    return aliases;
  }

  async describeKey(keyArn: KeyArn): Promise<Omit<KeyFacts, 'keyArn' | 'aliases'> | undefined> {
    try {
      const { KeyMetadata } = await this.#client.send(new DescribeKeyCommand({ KeyId: keyArn }));
      if (!KeyMetadata) return undefined;
      const { KeySpec, KeyManager, Description } = KeyMetadata;
      return {
        ...(KeySpec ? { spec: KeySpec } : {}),
        ...(KeyManager ? { manager: KeyManager } : {}),
        ...(Description ? { description: Description.slice(0, MAX_DESCRIPTION) } : {}),
      };
    } catch (error) {
      if (error instanceof Error && NOT_OURS.has(error.name)) return undefined;
      throw error;
    }
  }
}

/**
 * ARN of an alias's key: an alias points to a key of its own account and Region, and carries the key's id only.
 * The aliases of AWS managed keys that were never used point nowhere.
 */
function targetArn(aliasArn: string | undefined, keyId: string | undefined): KeyArn | undefined {
  const account = aliasArn?.split(':alias/')[0];
  return account && keyId ? parseKeyArn(`${account}:key/${keyId}`) : undefined;
}
