import type { Caller, CallerSample } from '../callers/callers.ts';
import { percent } from '../number.ts';
import type { CauseEvidence } from './cause.ts';
import { ALL, larger, type Portion, portionText, together } from './portion.ts';
import { callsSeen, isDirect, operationShare } from './requests.ts';
import { callerText } from './resources.ts';
import type { Finding, Rule } from './rule.ts';
import { LEAST_EVENTS, LEAST_SHARE, sampled } from './service-finding.ts';

/** How the AWS Encryption SDKs name themselves: Java `AwsCrypto/2.4`, others `AwsEncryptionSdkJavascriptNodejs/1.9`. */
const ENCRYPTION_SDK = /AwsCrypto\/|AwsEncryptionSDK/i;

/** What the AWS Encryption SDK and the S3 Encryption Client add to every encryption context. */
const CLIENT_CONTEXTS: ReadonlySet<string> = new Set(['aws-crypto-public-key', 'aws:x-amz-cek-alg']);

/** Above this share of direct callers or of one operation it is what the key is used for. */
const MOST = 0.6;

const CACHING = {
  saves: {
    low: 0.5,
    high: 0.99,
    why: 'a data key used 100 times leaves 1% of the requests in an example of AWS; fewer uses save less',
  },
  source: 'https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/data-key-caching.html',
  kind: 'fault',
} as const;

/** Programs that call KMS themselves. */
export const CLIENT_RULES: readonly Rule[] = [
  {
    ...CACHING,
    id: 'client-without-data-key-cache',
    title: 'A program asks KMS for a new data key for every message',
    signs:
      'The callers are no AWS service and ask for GenerateDataKey, or their user agent or encryption context is that ' +
      'of the AWS Encryption SDK or of the S3 Encryption Client.',
    fix:
      'Let the program use a data key for several messages: in the AWS Encryption SDK by a caching materials manager ' +
      'or the hierarchical keyring, with a bound on messages and minutes for each key.',
    find: findDataKeys,
  },
  {
    ...CACHING,
    id: 'client-decrypts-every-time',
    title: 'A program lets KMS decrypt the same thing again and again',
    signs: 'The callers are no AWS service, and nearly all of their requests are Decrypt.',
    fix:
      'Decrypt once at start and keep the plaintext or the data key in memory, outside of the function that handles ' +
      'each request; data that is really different each time needs a data key cache.',
    find: findDecrypts,
  },
];

function findDataKeys(evidence: CauseEvidence): Finding | undefined {
  const sample = evidence.callers;
  if (!sample || sample.events === 0) return findInMix(evidence);
  const direct = directCallers(sample);
  const bySdk = encryptionSdk(sample, direct);
  const dataKeys = sampledShare(sample, 'GenerateDataKey');
  if (bySdk.share >= LEAST_SHARE) {
    return finding(
      sample,
      bySdk,
      `${portionText(bySdk)} of ${sampled(sample.events)} come from an AWS client-side encryption library.`,
    );
  }
  const explains = together(direct);
  if (explains.share < MOST || dataKeys < MOST) return undefined;
  const because = `${percent(dataKeys)} of ${sampled(sample.events)} are GenerateDataKey, asked for by ${names(direct)} and no AWS service.`;
  return finding(sample, explains, because);
}

/** Of all encryption at AWS only a program of one's own or S3 writes without reading: that is possible, and no more. */
function findInMix(evidence: CauseEvidence): Finding | undefined {
  const share = operationShare(evidence, 'GenerateDataKey');
  if (share < 0.8 || evidence.key.manager === 'AWS') return undefined;
  const because = [
    `${percent(share)} of the requests are GenerateDataKey, one for each thing that is encrypted.`,
  ];
  return { certainty: 'possible', because, explains: ALL, weight: share };
}

function findDecrypts({ callers: sample }: CauseEvidence): Finding | undefined {
  if (!sample || sample.events === 0) return undefined;
  const direct = directCallers(sample);
  const explains = together(direct);
  const decrypts = sampledShare(sample, 'Decrypt');
  if (explains.share < MOST || decrypts < 0.8 || encryptionSdk(sample, direct).share >= LEAST_SHARE) {
    return undefined;
  }
  const because = `${percent(decrypts)} of ${sampled(sample.events)} are Decrypt, asked for by ${names(direct)} and no AWS service.`;
  return { ...finding(sample, explains, because), certainty: 'possible' };
}

const finding = (sample: CallerSample, explains: Portion, because: string): Finding => ({
  certainty: sample.events < LEAST_EVENTS ? 'possible' : 'likely',
  because: [because],
  explains,
  weight: (explains.share * sample.events) / callsSeen(sample),
});

const directCallers = ({ callers }: CallerSample): readonly Caller[] => callers.filter(isDirect);

/** Share of the client-side encryption libraries. Parameter Store uses one as well, so somebody has to call directly. */
function encryptionSdk(sample: CallerSample, direct: readonly Caller[]): Portion {
  const byContext = together(sample.purposes.filter(({ context }) => CLIENT_CONTEXTS.has(context)));
  const byAgent = together(direct.filter(({ userAgent }) => ENCRYPTION_SDK.test(userAgent ?? '')));
  const called = together(direct);
  return larger(byAgent, byContext.share > called.share ? called : byContext);
}

const sampledShare = ({ events, operations }: CallerSample, prefix: string): number =>
  Object.entries(operations).reduce(
    (sum, [name, count]) => (name.startsWith(prefix) ? sum + count : sum),
    0,
  ) / Math.max(1, events);

/** `role/ingest`, `role/ingest and 2 more` */
function names(callers: readonly Caller[]): string {
  const [first, ...more] = callers;
  const others = more.length > 0 ? ` and ${more.length} more` : '';
  return `${callerText(first?.name ?? '')}${others}`;
}
