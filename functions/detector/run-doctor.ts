import { setTimeout as wait } from 'node:timers/promises';
import { openAccountProbe } from '../../shared/adapters/aws/open-account-probe.ts';
import { examine } from '../../shared/app/doctor/doctor.ts';
import type { DoctorReport } from '../../shared/domain/doctor/finding.ts';
import type { Invocation } from './answer.ts';
import type { Detector } from './compose.ts';

/** Seconds that are kept for the answer. */
const RESERVE_SECONDS = 15;

/** Asks the questions with the role, the receivers and the table of the deployed detector. */
export function runDoctor(
  { ports, settings }: Detector,
  { watch }: { readonly watch: number },
  { secondsLeft }: Invocation,
): Promise<DoctorReport> {
  const region = settings.origin.region;
  const seconds = Math.max(0, secondsLeft - RESERVE_SECONDS);
  return examine(
    {
      probe: openAccountProbe({ region }, seconds),
      receivers: ports.receivers,
      stores: {
        'dynamodb:GetItem': () => ports.runs.lastReport(),
        'dynamodb:Query': () => ports.commands.load(ports.clock.now()),
      },
      now: () => ports.clock.now(),
      sleep: (wanted) => wait(wanted * 1000),
    },
    { region, settleSeconds: settings.settleSeconds, watchSeconds: Math.min(watch, Math.floor(seconds / 2)) },
  );
}
