import { tellScenarios } from '../tell-scenarios.ts';

tellScenarios('datapoints are 5 minutes late');
