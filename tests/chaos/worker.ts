import { answerGroups } from './answer-groups.ts';
import { playSeeds } from './play-seeds.ts';

answerGroups(playSeeds);
