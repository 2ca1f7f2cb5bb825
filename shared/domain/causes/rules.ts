import { CLIENT_RULES } from './client-rules.ts';
import { RETRY_RULES } from './retry-rules.ts';
import type { Rule } from './rule.ts';
import { S3_RULES } from './s3-rules.ts';
import { SERVICE_RULES } from './service-rules.ts';
import { USE_RULES } from './use-rules.ts';

/** All known causes. Of two that are equally certain and weigh the same, the first is told first. */
export const RULES: readonly Rule[] = [
  ...S3_RULES,
  ...SERVICE_RULES,
  ...CLIENT_RULES,
  ...RETRY_RULES,
  ...USE_RULES,
];
