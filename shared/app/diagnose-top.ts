import type { TopKey } from '../domain/top.ts';
import {
  type DetectPorts,
  type DetectRequest,
  type DetectSettings,
  readOnlyRequest,
} from './detect-request.ts';
import { type Diagnosis, diagnose } from './diagnose.ts';
import { UnknownNameError } from './known-names.ts';

/** Looks into the first keys of a ranking, and tells of them in its order; those without use in the last day are left out. */
export async function diagnoseTop(
  ports: DetectPorts,
  settings: Pick<DetectSettings, 'settleSeconds' | 'origin' | 'policy'>,
  ranked: readonly Pick<TopKey, 'keyArn'>[],
  count: number,
  request: Pick<DetectRequest, 'runId' | 'asOf' | 'deadline'>,
): Promise<Diagnosis[]> {
  const wanted = ranked.slice(0, count).map(({ keyArn }) => keyArn);
  if (wanted.length === 0) return [];
  const found = await diagnose(ports, settings, readOnlyRequest(wanted, request)).catch(unlisted);
  return wanted.flatMap((keyArn) => found.filter((diagnosis) => diagnosis.keyArn === keyArn));
}

/** A ranking knows keys that CloudWatch has stopped to list: they have no use in the last day. */
function unlisted(error: unknown): Diagnosis[] {
  if (error instanceof UnknownNameError) return [];
  throw error;
}
