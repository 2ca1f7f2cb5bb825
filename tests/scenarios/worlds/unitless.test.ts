import { tellScenarios } from '../tell-scenarios.ts';

tellScenarios('metrics have no unit');
