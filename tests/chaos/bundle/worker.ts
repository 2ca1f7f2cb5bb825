import { answerGroups } from '../answer-groups.ts';
import { playBundleSeeds } from './seeds.ts';

answerGroups(playBundleSeeds);
