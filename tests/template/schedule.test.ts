import { describe, expect, test } from 'vitest';
import { evaluateTemplate } from './evaluate-template.ts';
import { asList, asRecord, asText, at } from './parse-template.ts';
import { defaults, parameters, template } from './the-template.ts';

const BIN_MINUTES = 5;
const allowed = (name: string): number[] => asList(at(parameters, name, 'AllowedValues')).map(Number);

const scheduleWith = (scheduleMinutes: number, settleMinutes: number): string => {
  const { resources } = evaluateTemplate(template, {
    ...defaults,
    ScheduleMinutes: scheduleMinutes,
    SettleMinutes: settleMinutes,
  });
  const events = at(resources, 'Detector', 'Properties', 'Events');
  return asText(at(events, 'Schedule', 'Properties', 'ScheduleExpression'));
};

/** The minutes of an hour at which a cron expression of the kind used here starts. */
function minutesOf(expression: string): number[] {
  const [, minutes = ''] = /^cron\((\S+) \* \* \* \? \*\)$/.exec(expression) ?? [];
  if (minutes === '*') return Array.from({ length: 60 }, (_, minute) => minute);
  const match = /^(\d+)(?:\/(\d+))?$/.exec(minutes);
  if (!match) throw new TypeError(`not understood: ${expression}`);
  const [first, step] = [Number(match[1]), Number(match[2] ?? 60)];
  return Array.from({ length: Math.ceil((60 - first) / step) }, (_, i) => first + i * step);
}

const pairs = allowed('ScheduleMinutes').flatMap((schedule) =>
  allowed('SettleMinutes').map((settle) => [schedule, settle] as const),
);

describe('the schedule', () => {
  test('is known for every value of its parameters', () => {
    const { ScheduleByMinutes, SettleByMinutes } = asRecord(template['Mappings']);

    expect(Object.keys(asRecord(ScheduleByMinutes))).toEqual(allowed('ScheduleMinutes').map(String));
    expect(Object.keys(asRecord(SettleByMinutes))).toEqual(allowed('SettleMinutes').map(String));
  });

  test('starts three minutes after each bin by default', () => {
    expect(scheduleWith(5, 3)).toBe('cron(3/5 * * * ? *)');
  });

  test.each(pairs)(
    'every %i minutes with %i to settle: in even steps all round the clock',
    (schedule, settle) => {
      const minutes = minutesOf(scheduleWith(schedule, settle));

      const gaps = minutes.map((minute, i) => (minutes[i + 1] ?? minutes[0]! + 60) - minute);
      expect(new Set(gaps)).toEqual(new Set([schedule]));
    },
  );

  test.each(pairs.filter(([schedule]) => schedule > 1))(
    'every %i minutes with %i to settle: at the minute a bin has settled',
    (schedule, settle) => {
      for (const minute of minutesOf(scheduleWith(schedule, settle))) {
        expect((minute - settle + 60) % BIN_MINUTES).toBe(0);
      }
    },
  );

  test.each([
    ['on', 'ENABLED'],
    ['off', 'DISABLED'],
  ])('that is %s is %s, there is no other, and the alarms stay as they are', (schedule, state) => {
    const made = evaluateTemplate(template, { ...defaults, Schedule: schedule }).resources;
    const { resources: usual } = evaluateTemplate(template, defaults);

    const states = Object.values(made).flatMap((resource) =>
      Object.values(asRecord(asRecord(asRecord(resource)['Properties'])['Events'] ?? {})).map((event) =>
        at(event, 'Properties', 'State'),
      ),
    );

    expect(states).toEqual([state]);
    // The step of a divided check that tells emits the same metrics, under the same name of the stack.
    for (const alarm of ['HeartbeatAlarm', 'CoverageAlarm', 'DeliveriesAlarm'])
      expect(made[alarm]).toEqual(usual[alarm]);
    expect(at(made, 'Detector', 'Properties', 'Environment')).toEqual(
      at(usual, 'Detector', 'Properties', 'Environment'),
    );
  });

  test('passes the time it stands for, and has no name of its own', () => {
    const { Input, OmitName, Name } = asRecord(
      at(template, 'Resources', 'Detector', 'Properties', 'Events', 'Schedule', 'Properties'),
    );

    expect(JSON.parse(asText(Input))).toEqual({
      action: 'check',
      scheduledTime: '<aws.scheduler.scheduled-time>',
    });
    expect([OmitName, Name]).toEqual([true, undefined]);
  });

  test('tries once more, and only while the check is not overtaken by the next', () => {
    const { RetryPolicy, DeadLetterConfig } = asRecord(
      at(template, 'Resources', 'Detector', 'Properties', 'Events', 'Schedule', 'Properties'),
    );

    expect(RetryPolicy).toEqual({ MaximumRetryAttempts: 1, MaximumEventAgeInSeconds: 240 });
    expect(DeadLetterConfig).toEqual({ Arn: { 'Fn::GetAtt': ['FailedChecks', 'Arn'] } });
  });
});
