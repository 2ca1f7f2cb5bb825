import type { NoticeStore, VersionedNotice, WriteOutcome } from '../../app/ports.ts';
import type { Notice } from '../../domain/notice.ts';
import { frozenCopy } from './frozen-copy.ts';

/** Notices in memory. They never expire: a memory does not live that long. */
export class MemoryNoticeStore implements NoticeStore {
  readonly #notices = new Map<string, VersionedNotice>();

  load(): Promise<VersionedNotice[]> {
    return Promise.resolve([...this.#notices.values()]);
  }

  put(notice: Notice, expectedVersion: number): Promise<WriteOutcome> {
    if ((this.#notices.get(notice.id)?.version ?? 0) !== expectedVersion) return Promise.resolve('conflict');
    this.#notices.set(notice.id, frozenCopy({ notice, version: expectedVersion + 1 }));
    return Promise.resolve('written');
  }
}
