import { MemoryBaselineStore } from '../../shared/adapters/memory/memory-baseline-store.ts';
import { MemoryIncidentStore } from '../../shared/adapters/memory/memory-incident-store.ts';
import { MemoryNoticeStore } from '../../shared/adapters/memory/memory-notice-store.ts';
import { MemoryReceiver } from '../../shared/adapters/memory/memory-receiver.ts';
import { MemoryRunStore } from '../../shared/adapters/memory/memory-run-store.ts';
import type { KeyBaselines, SendOutcome, WriteOutcome } from '../../shared/app/ports.ts';
import { type Delivery, hasEnded } from '../../shared/domain/incident/delivery.ts';
import type { Message } from '../../shared/domain/incident/message.ts';
import type { IncidentRecord, NotifyReason } from '../../shared/domain/incident/notification.ts';
import type { Notice } from '../../shared/domain/notice.ts';
import { louder, type Severity } from '../../shared/domain/policy.ts';
import type { RunReport } from '../../shared/domain/run-report.ts';
import { type KeyArn, seriesName } from '../../shared/domain/usage/key.ts';
import { type Bin, type EpochSeconds, isoTime } from '../../shared/domain/usage/time.ts';
import type { Loss } from './fault-plan.ts';
import type { Truth } from './truth.ts';

/** Bytes that an item may have: DynamoDB takes 400 KB, and nothing here may come near. */
const MAX_ITEM_BYTES = 100_000;

/** One telling that reached people. */
export interface Arrival {
  readonly receiver: string;
  readonly at: EpochSeconds;
  readonly keyArn: KeyArn;
  readonly reason: NotifyReason;
  readonly severity: Severity;
  /** The bin that decided. */
  readonly bin: Bin;
  /** Names the message: incident and number. */
  readonly name: string;
}

/**
 * Stands behind the faults and sees what truly took effect: keeps the invariants that hold at every moment.
 * - A message that is stored as sent is never sent again.
 * - What is owed to a receiver stays in its item until it is told, or the detector gives up and says so.
 * - Each baseline is what one pass over the true requests teaches.
 * - No item grows without bound.
 */
export class Witness {
  readonly arrivals: Arrival[] = [];
  readonly violations: string[] = [];
  now: EpochSeconds = 0;
  readonly #recorded = new Set<string>();
  readonly #stored = new Map<KeyArn, IncidentRecord>();
  readonly #truth: Truth;

  constructor(truth: Truth) {
    this.#truth = truth;
  }

  violate(what: string): void {
    this.violations.push(`${isoTime(this.now)} ${what}`);
  }

  readonly #baselines = new MemoryBaselineStore();
  readonly #incidents = new MemoryIncidentStore();
  readonly #versions = new Map<KeyArn, number>();

  readonly baselines = seen(this.#baselines, (store) => ({
    save: async (key: KeyBaselines): Promise<WriteOutcome> => {
      const written = await store.save(key);
      if (written === 'written') this.#checkLearned(key);
      return written;
    },
  }));

  readonly incidents = seen(this.#incidents, (store) => ({
    put: async (record: IncidentRecord, version: number): Promise<WriteOutcome> => {
      const written = await store.put(record, version);
      if (written !== 'written') return written;
      this.#checkSize('an incident', record);
      this.#checkOwed(record.incident.keyArn, record);
      this.#versions.set(record.incident.keyArn, version + 1);
      for (const { incident, number, deliveries } of record.notifications)
        this.#remember(deliveries, `${incident.id} ${number}`);
      return written;
    },
    remove: async (keyArn: KeyArn, version: number): Promise<WriteOutcome> => {
      const written = await store.remove(keyArn, version);
      if (written === 'written') this.#checkOwed(keyArn, undefined);
      return written;
    },
  }));

  readonly notices = seen(new MemoryNoticeStore(), (store) => ({
    put: async (notice: Notice, version: number): Promise<WriteOutcome> => {
      const written = await store.put(notice, version);
      if (written !== 'written') return written;
      this.#checkSize('a notice', notice);
      this.#remember(notice.deliveries, notice.id);
      return written;
    },
  }));

  readonly runs = seen(new MemoryRunStore(), (store) => ({
    saveReport: async (report: RunReport): Promise<void> => {
      await store.saveReport(report);
      this.#checkSize('a report', await store.lastReport());
    },
  }));

  readonly receivers = (['sns', 'slack'] as const).map((name) =>
    seen(new MemoryReceiver({ name }), (receiver) => ({
      send: (message: Message, earlier?: string): Promise<SendOutcome> => {
        this.#arrive(name, message);
        return receiver.send(message, earlier);
      },
    })),
  );

  /** The incidents that were lost while they were stored. */
  readonly lost: Loss[] = [];

  /** Somebody deletes an item. What is lost with an incident is forgotten here, too. */
  async lose(loss: Loss): Promise<void> {
    const { item, keyArn } = loss;
    if (item === 'baseline') {
      this.#baselines.lose(keyArn);
      return;
    }
    const stored = this.#stored.get(keyArn);
    const version = this.#versions.get(keyArn);
    if (!stored || version === undefined) return;
    this.lost.push(loss);
    await this.#incidents.remove(keyArn, version);
    this.#stored.delete(keyArn);
    for (const name of this.#recorded)
      if (stored.notifications.some(({ incident }) => name.includes(incident.id)))
        this.#recorded.delete(name);
  }

  /** The loudest that a receiver heard of a key about bins in [fromBin, toBin); undefined: nothing. */
  loudest(receiver: string, keyArn: KeyArn, fromBin: Bin, toBin: Bin): Severity | undefined {
    const about = this.arrivals.filter(
      (one) =>
        one.receiver === receiver &&
        one.keyArn === keyArn &&
        (one.reason === 'opened' || one.reason === 'escalated') &&
        one.bin >= fromBin &&
        one.bin < toBin,
    );
    return about.reduce<Severity | undefined>(
      (all, { severity }) => louder(all ?? severity, severity),
      undefined,
    );
  }

  #remember(deliveries: readonly Delivery[], name: string): void {
    for (const { receiver, status } of deliveries)
      if (status === 'sent') this.#recorded.add(`${receiver} ${name}`);
  }

  #arrive(receiver: string, message: Message): void {
    this.#checkSize('a message', message);
    if (message.kind === 'notice') this.#checkRepeat(`${receiver} ${message.notice.id}`);
    const items = message.kind === 'incident' ? [message] : message.kind === 'group' ? message.items : [];
    for (const { notification, key } of items) {
      const { incident, number, reason, severity, facts } = notification;
      const name = `${incident.id} ${number}`;
      this.#checkRepeat(`${receiver} ${name}`);
      this.arrivals.push({
        receiver,
        at: this.now,
        keyArn: key.keyArn,
        reason,
        severity,
        bin: facts.bin,
        name,
      });
    }
  }

  /** Only an end that was none is not told: the incident was opened again before. */
  #checkOwed(keyArn: KeyArn, next: IncidentRecord | undefined): void {
    const after = next?.notifications ?? [];
    for (const { incident, number, reason, deliveries } of this.#stored.get(keyArn)?.notifications ?? []) {
      const same = after.find((one) => one.incident.id === incident.id && one.number === number);
      const isWithdrawn =
        reason === 'resolved' && after.some((one) => one.incident.id === incident.id && one.number > number);
      for (const delivery of deliveries) {
        const isKept = same?.deliveries.some(({ receiver }) => receiver === delivery.receiver);
        if (!hasEnded(delivery) && !isKept && !isWithdrawn)
          this.violate(`${incident.id} ${number} is owed to ${delivery.receiver} and no longer stored`);
      }
    }
    if (next) this.#stored.set(keyArn, next);
    else this.#stored.delete(keyArn);
  }

  #checkRepeat(name: string): void {
    if (this.#recorded.has(name)) this.violate(`told again although it was stored as sent: ${name}`);
  }

  #checkSize(what: string, item: unknown): void {
    const bytes = JSON.stringify(item)?.length ?? 0;
    if (bytes > MAX_ITEM_BYTES) this.violate(`${what} of ${bytes} bytes`);
  }

  #checkLearned({ keyArn, operations }: KeyBaselines): void {
    for (const [operation, { baseline }] of operations) {
      const name = seriesName({ keyArn, operation });
      if (!this.#truth.isTaught(name, baseline))
        this.violate(`the baseline of ${name} is not what its requests up to then teach once`);
    }
  }
}

/** An object with some of its methods replaced. */
function seen<T extends object>(target: T, replace: (target: T) => Partial<Record<keyof T, unknown>>): T {
  const replaced = replace(target);
  return new Proxy(target, {
    get(object, property) {
      const own: unknown = Reflect.get(replaced, property);
      if (own !== undefined) return own;
      const member: unknown = Reflect.get(object, property, object);
      return typeof member === 'function' ? member.bind(object) : member;
    },
  });
}
