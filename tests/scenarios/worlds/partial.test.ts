import { tellScenarios } from '../tell-scenarios.ts';

tellScenarios('datapoints appear in part at first');
