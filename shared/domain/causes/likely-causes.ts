import type { Cause, CauseEvidence } from './cause.ts';

export const likelyCauses = (_evidence: CauseEvidence): readonly Cause[] => [];
