import { tellScenarios } from '../tell-scenarios.ts';

tellScenarios('datapoints are 3 minutes late');
