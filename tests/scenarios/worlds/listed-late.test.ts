import { tellScenarios } from '../tell-scenarios.ts';

tellScenarios('new metrics are listed a quarter of an hour late');
