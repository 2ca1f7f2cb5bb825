import { tellScenarios } from '../tell-scenarios.ts';

tellScenarios('datapoints are 10 minutes late');
